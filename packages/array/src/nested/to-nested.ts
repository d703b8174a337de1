import type { Shape } from "../shape.ts";

/** Lists of lists in the order of the indices; `item` is asked with positions in the data. */
export function nest(shape: Shape, strides: readonly number[], item: (position: number) => unknown): unknown {
  const level = (dimension: number, position: number): unknown => {
    if (dimension === shape.length) return item(position);
    const length = shape[dimension] as number;
    const stride = strides[dimension] as number;
    return Array.from({ length }, (_, i) => level(dimension + 1, position + i * stride));
  };
  return level(0, 0);
}
