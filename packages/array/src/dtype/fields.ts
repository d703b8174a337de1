import type { Shape } from "../shape.ts";
import { itemCount } from "../shape.ts";
import { dtypeDescr, parseDType, type SimpleDType } from "./dtype.ts";

/** One field of a record, at its byte offset. */
export interface Field {
  readonly name: string;
  readonly title?: string | undefined;
  readonly dtype: SimpleDType | StructuredDType;
  /** Shape of a subarray inside each record (C order); empty for a single item. */
  readonly shape: Shape;
  readonly offset: number;
}

/** The type of a record. */
export interface StructuredDType {
  readonly fields: readonly Field[];
  /** Bytes of one record, padding included. */
  readonly itemsize: number;
}

/** One entry of a structured `descr` as NumPy writes it: `(name, descr)` or `(name, descr, shape)`, the name perhaps with a title. */
export type FieldDescr = readonly [
  name: string | readonly [title: string, name: string],
  descr: string | readonly FieldDescr[],
  shape?: Shape,
];

/** Whether a type is a record's. */
export function isStructured(dtype: SimpleDType | StructuredDType): dtype is StructuredDType {
  return "fields" in dtype;
}

/**
 * Reads a structured `descr`; offsets follow by adding up, and unnamed raw entries are padding.
 * Throws a `TypeError` for empty or repeated names and for `object` fields, whose bytes would be a pickle.
 */
export function parseFields(descr: readonly FieldDescr[]): StructuredDType {
  const fields: Field[] = [];
  const names = new Set<string>();
  let offset = 0;
  for (const [label, type, shape = []] of descr) {
    const [title, name] = typeof label === "string" ? [undefined, label] : label;
    const dtype = typeof type === "string" ? parseDType(type) : parseFields(type);
    if ("kind" in dtype && dtype.kind === "O")
      throw new TypeError(`field ${JSON.stringify(name)} holds Python objects`);
    const size = dtype.itemsize * itemCount(shape);
    const padding = name === "" && "kind" in dtype && dtype.kind === "V";
    if (!padding) {
      if (name === "" || names.has(name))
        throw new TypeError(`field name ${JSON.stringify(name)} is empty or repeated`);
      names.add(name);
      fields.push({ name, dtype, shape, offset, ...(title === undefined ? {} : { title }) });
    }
    offset += size;
  }
  return { fields, itemsize: offset };
}

/** The `descr` of a record, with padding entries for gaps. Throws a `TypeError` for fields that overlap or are out of order. */
export function fieldsDescr(dtype: StructuredDType): FieldDescr[] {
  const entries: FieldDescr[] = [];
  let at = 0;
  const pad = (upTo: number): void => {
    if (upTo < at) throw new TypeError("fields that overlap or stand out of order can't be described");
    if (upTo > at) entries.push(["", `|V${upTo - at}`]);
  };
  for (const field of dtype.fields) {
    pad(field.offset);
    const label = field.title === undefined ? field.name : ([field.title, field.name] as const);
    const descr = isStructured(field.dtype) ? fieldsDescr(field.dtype) : dtypeDescr(field.dtype);
    entries.push(field.shape.length === 0 ? [label, descr] : [label, descr, field.shape]);
    at = field.offset + field.dtype.itemsize * itemCount(field.shape);
  }
  pad(dtype.itemsize);
  return entries;
}
