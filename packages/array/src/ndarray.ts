import { type ArrayData, dataConstructor, dataName, dtypeOfData, elementsPerItem } from "./data.ts";
import { dtypeName, parseDType } from "./dtype/dtype.ts";
import { type ArrayItem, readItem } from "./items.ts";
import { nest } from "./nested/to-nested.ts";
import { reorder } from "./reorder.ts";
import { formatShape, itemCount, type Order, ordersAgree, positionOf, type Shape, stridesOf } from "./shape.ts";
import { kindOf, setKind } from "./value-kind.ts";

/** How to read the data of an {@link NDArray}; each has the obvious default. */
export interface NDArrayOptions {
  /** Default: one dimension, as long as the data. */
  readonly shape?: Shape | undefined;
  /** NumPy's name, for example `float32` or `datetime64[us]`. Default: what the typed array's class stands for, `object` for a list. */
  readonly dtype?: string | undefined;
  /** Which index varies fastest in the data; default `C`, the last one. */
  readonly order?: Order | undefined;
  /** Pairs of integers, which only MATLAB has; `complex64` and `complex128` say so by their dtype. */
  readonly complex?: boolean | undefined;
}

/**
 * An array of any number of dimensions: typed data and how to read it. Nothing is copied on construction, so the array
 * and the data given to it are one memory.
 *
 * @example new NDArray(new Float32Array(6), { shape: [2, 3] }).at(1, -1)
 * @example new NDArray(new BigInt64Array([0n]), { dtype: "datetime64[us]", shape: [] }) // a NumPy scalar
 */
export class NDArray<Data extends ArrayData = ArrayData> {
  static {
    setKind(this, "ndarray");
  }

  /** Complex items are interleaved pairs, bools are bytes 0 and 1, float16 is raw bits, text is code points. */
  readonly data: Data;
  /** Items per dimension; empty for a single item. */
  readonly shape: Shape;
  /** NumPy's name of the item type. */
  readonly dtype: string;
  /** `F` where the first index varies fastest in `data`, as in MATLAB and in blobs. */
  readonly order: Order;
  /** Whether an item is a pair of elements. */
  readonly complex: boolean;

  /** Throws a `TypeError` or `RangeError` where data, dtype and shape don't fit together. */
  constructor(data: Data, options: NDArrayOptions = {}) {
    const name = options.dtype ?? (Array.isArray(data) ? "object" : dtypeOfData(data));
    if (name === undefined) throw new TypeError("an array needs a typed array or a list as its data");
    const dtype = parseDType(name);
    const constructor = dataConstructor(dtype);
    const needed = dtype.kind === "O" ? "list" : (constructor?.name ?? "other");
    const found = dataName(data);
    if (needed !== found) throw new TypeError(`dtype ${name} needs ${needed} data, got ${found}`);
    const complex = dtype.kind === "c" || options.complex === true;
    if (complex && !"ciuf".includes(dtype.kind)) throw new TypeError(`dtype ${name} has no complex form`);
    const unit = elementsPerItem(dtype) * (complex && dtype.kind !== "c" ? 2 : 1);
    const shape = options.shape ?? [unit === 0 ? 0 : data.length / unit];
    if (itemCount(shape) * unit !== data.length) {
      throw new RangeError(
        `shape ${formatShape(shape)} of ${name} needs ${itemCount(shape) * unit} elements, got ${data.length}`,
      );
    }
    this.data = data;
    this.shape = shape;
    this.dtype = dtypeName(dtype);
    this.order = options.order ?? "C";
    this.complex = complex;
  }

  /** Number of items. */
  get size(): number {
    return itemCount(this.shape);
  }

  /** Distance in items between neighbours along each dimension. */
  get strides(): number[] {
    return stridesOf(this.shape, this.order);
  }

  /** One item by its indices; negative ones count from the end. Throws a `RangeError` outside the shape. */
  at(...index: number[]): ArrayItem {
    return readItem(this.data, parseDType(this.dtype), this.complex, positionOf(index, this.shape, this.order));
  }

  /** The only item; throws a `RangeError` unless there is exactly one. */
  item(): ArrayItem {
    if (this.size !== 1)
      throw new RangeError(`item() needs an array of one item, got shape ${formatShape(this.shape)}`);
    return readItem(this.data, parseDType(this.dtype), this.complex, 0);
  }

  /** All items in the order of the data; for typed data that is not complex, `data` itself is quicker. */
  items(): ArrayItem[] {
    const dtype = parseDType(this.dtype);
    return Array.from({ length: this.size }, (_, i) => readItem(this.data, dtype, this.complex, i));
  }

  /** The same items in another memory order; itself where the two are the same memory. */
  toOrder(order: Order): NDArray<Data> {
    if (order === this.order) return this;
    const { shape, dtype, complex } = this;
    const unit = this.size === 0 ? 1 : this.data.length / this.size;
    const data = ordersAgree(shape) ? this.data : reorder(this.data, shape, this.order, unit);
    return new NDArray(data, { shape, dtype, order, complex });
  }

  /** Lists of lists of items; the item itself where there are no dimensions. */
  toNested(): unknown {
    const dtype = parseDType(this.dtype);
    return nest(this.shape, this.strides, (position) => readItem(this.data, dtype, this.complex, position));
  }
}

/** Whether a value is an {@link NDArray}, of whichever copy of this package. */
export function isNDArray(value: unknown): value is NDArray {
  return kindOf(value) === "ndarray";
}
