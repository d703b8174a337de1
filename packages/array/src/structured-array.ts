import { dataConstructor, elementsPerItem } from "./data.ts";
import { dtypeName } from "./dtype/dtype.ts";
import { type Field, isStructured, type StructuredDType } from "./dtype/fields.ts";
import { NDArray } from "./ndarray.ts";
import { RecordArray } from "./record-array.ts";
import { formatShape, itemCount, type Order, type Shape } from "./shape.ts";
import { setKind } from "./value-kind.ts";

/**
 * Records as they stand in memory and in `.npy` files: one after the other, each of `dtype.itemsize`
 * bytes. Nothing is decoded until a column is asked for; fields stand at any offset, so that a column is a copy.
 */
export class StructuredArray {
  static {
    setKind(this, "structured");
  }

  /** All records, without gaps between them; multi-byte fields in the order their dtype says. */
  readonly data: Uint8Array;
  readonly dtype: StructuredDType;
  readonly shape: Shape;
  readonly order: Order;

  /** Throws a `RangeError` unless the data has exactly the bytes that shape and item size need. */
  constructor(
    data: Uint8Array,
    options: { readonly dtype: StructuredDType; readonly shape?: Shape; readonly order?: Order },
  ) {
    const { dtype } = options;
    const shape = options.shape ?? [dtype.itemsize === 0 ? 0 : data.length / dtype.itemsize];
    if (itemCount(shape) * dtype.itemsize !== data.length) {
      throw new RangeError(
        `shape ${formatShape(shape)} of ${dtype.itemsize}-byte records needs ${itemCount(shape) * dtype.itemsize} bytes, got ${data.length}`,
      );
    }
    this.data = data;
    this.dtype = dtype;
    this.shape = shape;
    this.order = options.order ?? "C";
  }

  /** A copy of one field of all records, in native byte order. Throws a `RangeError` for an unknown name. */
  column(name: string): NDArray | StructuredArray {
    const field = this.dtype.fields.find((candidate) => candidate.name === name);
    if (field === undefined) {
      const names = this.dtype.fields.map((candidate) => candidate.name).join(", ");
      throw new RangeError(`there is no field ${JSON.stringify(name)}, only ${names}`);
    }
    return this.#copy(field);
  }

  /** All fields by column, which is what a blob stores; nested records become nested columns. */
  toRecords(): RecordArray {
    const columns = this.dtype.fields.map((field) => {
      const column = this.#copy(field);
      return [field.name, column instanceof NDArray ? column : column.toRecords()] as const;
    });
    return new RecordArray(columns, this.shape);
  }

  #copy(field: Field): NDArray | StructuredArray {
    const count = itemCount(this.shape);
    const inner = itemCount(field.shape);
    const width = field.dtype.itemsize * inner;
    const bytes = new Uint8Array(count * width);
    for (let i = 0; i < count; i++) {
      const start = i * this.dtype.itemsize + field.offset;
      bytes.set(this.data.subarray(start, start + width), i * width);
    }
    const outer = this.order === "C" || this.shape.length < 2;
    // Subarrays are in C order inside each record: behind records in F order the whole is neither.
    if (!outer && field.shape.length > 0) throw new RangeError("subarray fields need records in C order");
    const shape = [...this.shape, ...field.shape];
    const order = outer ? "C" : this.order;
    if (isStructured(field.dtype)) return new StructuredArray(bytes, { dtype: field.dtype, shape, order });
    const constructor = dataConstructor(field.dtype);
    if (constructor === undefined) throw new TypeError(`field ${JSON.stringify(field.name)} has no JavaScript form`);
    const { byteOrder, kind } = field.dtype;
    if (byteOrder === ">") swapBytes(bytes, kind === "c" ? field.dtype.itemsize / 2 : constructor.BYTES_PER_ELEMENT);
    const length = count * inner * elementsPerItem(field.dtype);
    return new NDArray(new constructor(bytes.buffer, 0, length), { shape, order, dtype: dtypeName(field.dtype) });
  }
}

/** Turns each group of `width` bytes round, in place: between big-endian files and native memory. */
export function swapBytes(bytes: Uint8Array, width: number): void {
  for (let start = 0; start + width <= bytes.length; start += width) bytes.subarray(start, start + width).reverse();
}
