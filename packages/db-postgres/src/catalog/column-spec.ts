import { type ColumnSpec, parseComment } from "@mortise/sql";
import { storedDefault } from "./stored-default.ts";
import { columnType } from "./stored-type.ts";

/** A column as the catalog has it. */
export interface ColumnJson {
  readonly name: string;
  /** As `format_type` prints it: `character varying(20)`, `lab.enum_0a1b2c3d`. */
  readonly type: string;
  /** The values of an enum. */
  readonly labels: readonly string[] | null;
  readonly required: boolean;
  readonly identity: boolean;
  readonly generated: boolean;
  /** As `pg_get_expr` prints it. */
  readonly default: string | null;
  readonly comment: string | null;
}

/** A column as it was declared, as far as the catalog tells. `isReference`: it belongs to a foreign key. */
export function columnSpec(column: ColumnJson, isReference: boolean): ColumnSpec {
  const { marker: stored, comment } = parseComment(column.comment ?? "");
  // A uuid that refers to another one is declared without its marker, for Python's sake.
  const marker = stored === undefined && isReference && column.type === "uuid" ? "uuid" : stored;
  const type = columnType(column, marker, isReference);
  const nullable = !column.required;
  const value = storedDefault(column, type);
  // `DEFAULT NULL` leaves no trace; only the columns of foreign keys are nullable without it.
  const isNull = value === undefined && nullable && !isReference;
  return { name: column.name, type, marker, comment, nullable, default: isNull ? { kind: "null" } : value };
}
