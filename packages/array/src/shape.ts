/**
 * Shapes and positions. Nothing here allocates in proportion to a shape: shapes come from files that others write, and an
 * array that is empty, or of items without size, may claim any.
 */

/** Lengths of the dimensions; empty for a single item. */
export type Shape = readonly number[];

/** Which index varies fastest in memory: the last one (`C`) or the first one (`F`). */
export type Order = "C" | "F";

/** NumPy's limit, and therefore everybody's. */
export const maxDimensions = 64;

/**
 * The number of items. Throws a `RangeError` for a shape that no array can have: a dimension that is negative or
 * fractional, more than 64 of them, or more than 2^53 - 1 items even when dimensions of length 0 are left out.
 */
export function itemCount(shape: Shape): number {
  if (shape.length > maxDimensions) throw new RangeError(`a shape has at most 64 dimensions, got ${shape.length}`);
  let product = 1;
  let empty = false;
  for (const length of shape) {
    if (!Number.isSafeInteger(length) || length < 0) {
      throw new RangeError(`a dimension is an integer of at least 0, got ${String(length)}`);
    }
    if (length === 0) empty = true;
    else {
      product *= length;
      // The product of two safe integers is exact or far above the limit: rounding can't hide an overflow.
      if (product > Number.MAX_SAFE_INTEGER) throw new RangeError(`shape ${formatShape(shape)} has too many items`);
    }
  }
  return empty ? 0 : product;
}

/** Distance in items between neighbours along each dimension. */
export function stridesOf(shape: Shape, order: Order): number[] {
  const strides = shape.map(() => 1);
  let step = 1;
  for (let i = 0; i < shape.length; i++) {
    const dimension = order === "F" ? i : shape.length - 1 - i;
    strides[dimension] = step;
    step *= shape[dimension] as number;
  }
  return strides;
}

/** Whether `C` and `F` order are the same memory: at most one dimension is longer than 1, or there is no item at all. */
export function ordersAgree(shape: Shape): boolean {
  return shape.includes(0) || shape.filter((length) => length > 1).length <= 1;
}

/** Position of an item in the data. Negative indices count from the end; throws a `RangeError` outside the shape. */
export function positionOf(index: readonly number[], shape: Shape, order: Order): number {
  if (index.length !== shape.length) {
    throw new RangeError(`an array of ${shape.length} dimensions needs as many indices, got ${index.length}`);
  }
  let position = 0;
  let step = 1;
  for (let i = 0; i < shape.length; i++) {
    const dimension = order === "F" ? i : shape.length - 1 - i;
    const length = shape[dimension] as number;
    const given = index[dimension] as number;
    const at = given < 0 ? given + length : given;
    if (!Number.isInteger(at) || at < 0 || at >= length) {
      throw new RangeError(`index ${String(given)} is outside dimension ${dimension} of shape ${formatShape(shape)}`);
    }
    position += at * step;
    step *= length;
  }
  return position;
}

/** As Python prints it: `()`, `(3,)`, `(2, 3)`. */
export function formatShape(shape: Shape): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}
