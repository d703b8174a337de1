import { QueryError } from "@mortise/core";
import type { DatabaseRow } from "@mortise/sql";
import driver, { type FieldPacket } from "mysql2";

// mysql2 defines this one in a way that Node does not find by name.
const { Types } = driver;

type Row = Record<string, unknown>;

/** Changes one column of a row in place. */
type Finish = (row: Row) => void;

/** mysql2 delivers numbers, and text for integers that a number can't hold. */
function finishInteger(name: string, bigints: boolean): Finish {
  if (bigints) {
    return (row) => {
      const value = row[name];
      if (value !== null) row[name] = BigInt(value as number | string);
    };
  }
  return (row) => {
    if (typeof row[name] !== "string") return;
    throw new QueryError("out-of-range", `an integer beyond 2^53 was read in column ${name}: ${row[name]}`, {
      hint: "run the statement with { bigints: true }",
    });
  };
}

/** The binary protocol leaves a fraction of zero out; what users see has the column's digits. */
function finishTime(name: string, digits: number): Finish {
  return (row) => {
    const value = row[name];
    if (typeof value !== "string") return;
    const dot = value.indexOf(".");
    if (dot === -1) row[name] = `${value}.${"0".repeat(digits)}`;
    else if (value.length - dot <= digits) row[name] = value.padEnd(dot + 1 + digits, "0");
  };
}

/** Bytes of their own: mysql2's are a window into what the socket delivered, and would keep all of it in memory. */
function finishBytes(name: string): Finish {
  return (row) => {
    const value = row[name];
    if (!Buffer.isBuffer(value)) return;
    const shared = value.byteLength * 2 < value.buffer.byteLength;
    row[name] = shared ? new Uint8Array(value) : new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  };
}

const mostDigits = 6;
/** The number of the character set that means bytes. */
const binary = 63;

function finishOf(field: FieldPacket, bigints: boolean): Finish | undefined {
  switch (field.columnType) {
    case Types.LONGLONG:
      return finishInteger(field.name, bigints);
    case Types.DATETIME:
    case Types.TIMESTAMP:
    case Types.TIME:
      return field.decimals > 0 && field.decimals <= mostDigits ? finishTime(field.name, field.decimals) : undefined;
    case Types.BIT:
    case Types.TINY_BLOB:
    case Types.MEDIUM_BLOB:
    case Types.LONG_BLOB:
    case Types.BLOB:
    case Types.STRING:
    case Types.VAR_STRING:
    case Types.VARCHAR:
      return field.characterSet === binary ? finishBytes(field.name) : undefined;
    default:
      return undefined;
  }
}

/** What makes mysql2's rows those of the contract, in place; undefined where they are already. */
export function rowFinisher(
  fields: readonly FieldPacket[],
  bigints: boolean,
): ((row: DatabaseRow) => void) | undefined {
  // Of two columns of one name a row has the last.
  const byName = new Map(fields.map((field) => [field.name, finishOf(field, bigints)]));
  const finishes = [...byName.values()].filter((finish) => finish !== undefined);
  if (finishes.length === 0) return undefined;
  return (row) => {
    for (const finish of finishes) finish(row);
  };
}
