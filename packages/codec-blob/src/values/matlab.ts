/**
 * MATLAB's types, as its library writes them. Its arrays have at least two dimensions: a scalar is 1 x 1, a text of n
 * characters is 1 x n, nothing is 0 x 0. Shapes are kept as they are.
 */
import { formatShape, itemCount, type NumericData, type Shape, setKind } from "@mortise/array";

/**
 * MATLAB's cell array: values of any kind with a shape; items in Fortran order.
 *
 * @example new MatCell([new MatChar("left"), new MatChar("right")]) // 1 x 2
 */
export class MatCell {
  static {
    setKind(this, "cell");
  }

  readonly items: unknown[];
  readonly shape: Shape;

  /** Default shape: one row, as MATLAB has it. Throws a `RangeError` where shape and items don't fit. */
  constructor(items: unknown[], shape: Shape = [1, items.length]) {
    checkCount("cell", shape, items.length);
    this.items = items;
    this.shape = shape;
  }
}

/**
 * MATLAB's struct array: for each element, in Fortran order, a row with the value of each field.
 *
 * @example new MatStruct(["name", "age"], [[new MatChar("m42"), age]]) // 1 x 1
 */
export class MatStruct {
  static {
    setKind(this, "struct");
  }

  readonly fields: readonly string[];
  /** Empty for a struct without fields, whatever its shape. */
  readonly rows: unknown[][];
  readonly shape: Shape;

  /** Default shape: one row of elements. Throws a `RangeError` where shape, fields and rows don't fit. */
  constructor(fields: readonly string[], rows: unknown[][], shape: Shape = [1, rows.length]) {
    if (fields.length > 0 || rows.length > 0) checkCount("struct", shape, rows.length);
    const odd = rows.find((row) => row.length !== fields.length);
    if (odd !== undefined)
      throw new RangeError(`a struct of ${fields.length} fields has a row of ${odd.length} values`);
    this.fields = fields;
    this.rows = rows;
    this.shape = shape;
  }
}

/** MATLAB's characters: UTF-16 units in Fortran order, unpaired surrogates included. */
export class MatChar {
  static {
    setKind(this, "char");
  }

  /** 16 bits each; a character outside the basic plane is two of them, which MATLAB counts as two. */
  readonly units: Uint16Array;
  readonly shape: Shape;

  /** From units, or from a text as one row. Throws a `RangeError` where shape and units don't fit. */
  constructor(value: Uint16Array | string, shape: Shape = [1, value.length]) {
    this.units = typeof value === "string" ? Uint16Array.from(value, (_, i) => value.charCodeAt(i)) : value;
    checkCount("char", shape, this.units.length);
    this.shape = shape;
  }

  /** The text of a row or of a single dimension; a matrix reads column by column. */
  toString(): string {
    let text = "";
    // In pieces: the arguments of one call have a limit.
    for (let i = 0; i < this.units.length; i += 8192) text += String.fromCharCode(...this.units.subarray(i, i + 8192));
    return text;
  }
}

/** MATLAB's sparse matrix, compressed by column. Python can't read it. */
export class MatSparse {
  static {
    setKind(this, "sparse");
  }

  /** Number of rows of the whole matrix, not of stored entries. */
  readonly rows: number;
  readonly columns: number;
  /** `jc[c] .. jc[c + 1]` is the range of stored entries of column `c`. */
  readonly jc: Float64Array;
  /** 0-based rows of the stored entries; entries from `jc[columns]` on are spare room. */
  readonly ir: Float64Array;
  /** As long as `ir`, twice that (interleaved pairs) where complex: bytes for logical values, else doubles. */
  readonly data: NumericData;
  readonly dtype: "bool" | "float64" | "complex128";

  constructor(parts: Pick<MatSparse, "rows" | "columns" | "jc" | "ir" | "data" | "dtype">) {
    this.rows = parts.rows;
    this.columns = parts.columns;
    this.jc = parts.jc;
    this.ir = parts.ir;
    this.data = parts.data;
    this.dtype = parts.dtype;
  }
}

function checkCount(what: string, shape: Shape, count: number): void {
  if (itemCount(shape) !== count) {
    throw new RangeError(`a ${what} array of shape ${formatShape(shape)} has ${itemCount(shape)} items, got ${count}`);
  }
}
