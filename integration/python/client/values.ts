// Python values as the worker sends and takes them (worker/wire.py): plain JSON, and objects with their type under "$".

/** A value of Python in JSON. */
export type PythonValue =
  | null
  | boolean
  | number
  | string
  | readonly PythonValue[]
  | { readonly [key: string]: PythonValue };

/** Element types of arrays by NumPy's names for them. */
const dtypes = new Map<string, string>([
  ["Int8Array", "|i1"],
  ["Uint8Array", "|u1"],
  ["Int16Array", "<i2"],
  ["Uint16Array", "<u2"],
  ["Int32Array", "<i4"],
  ["Uint32Array", "<u4"],
  ["BigInt64Array", "<i8"],
  ["BigUint64Array", "<u8"],
  ["Float32Array", "<f4"],
  ["Float64Array", "<f8"],
]);

interface Elements extends ArrayBufferView {
  readonly length: number;
}

const base64 = (view: ArrayBufferView): string =>
  Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString("base64");

/** Makes the JSON of Python values. Numbers are `int`, which JSON can't tell from `float`. */
export const py = {
  /** As `repr` prints it: `1.0`, `nan`, `inf`, `1e+300`. */
  float: (repr: string) => ({ $: "float", value: repr }),
  /** An `int` that is no safe number. */
  int: (value: bigint) => ({ $: "int", value: String(value) }),
  bytes: (data: Uint8Array) => ({ $: "bytes", data: base64(data) }),
  date: (iso: string) => ({ $: "date", value: iso }),
  /** As `isoformat` prints it: no fraction where it is zero, else six digits. */
  datetime: (iso: string) => ({ $: "datetime", value: iso }),
  time: (iso: string) => ({ $: "time", value: iso }),
  decimal: (text: string) => ({ $: "Decimal", value: text }),
  uuid: (text: string) => ({ $: "UUID", value: text }),
  tuple: (...items: readonly PythonValue[]) => ({ $: "tuple", items }),
  set: (...items: readonly PythonValue[]) => ({ $: "set", items }),
  complex: (text: string) => ({ $: "complex", value: text }),
  dict: (...items: readonly (readonly [PythonValue, PythonValue])[]) => ({ $: "dict", items }),
  /** A NumPy array in C order; `dtype` where the elements' own isn't meant. */
  array(elements: Elements, shape: readonly number[] = [elements.length], dtype?: string) {
    const named = dtype ?? dtypes.get(elements.constructor.name) ?? "";
    return { $: "array", dtype: named, shape, data: base64(elements) };
  },
  /** An array of a structured type, with its fields and packed records. */
  records: (fields: readonly (readonly [string, string])[], records: Uint8Array, shape: readonly number[]) => ({
    $: "array",
    dtype: fields,
    shape,
    data: base64(records),
  }),
} satisfies Record<string, (...args: never[]) => PythonValue>;
