import { QueryError } from "@mortise/core";

/** Turns the server's text of a value into what the driver delivers. */
export type Parser = (text: string) => unknown;

const asText: Parser = (text) => text;
const number: Parser = (text) => Number(text);
/** Nine digits tell it apart from its neighbours, but only the nearest float32 is the value itself. */
const single: Parser = (text) => Math.fround(Number(text));
const flag: Parser = (text) => text === "t";
/** The server pads to the declared length, and ignores the blanks itself when it compares. */
const unpadded: Parser = (text) => text.replace(/ +$/, "");

function safeInteger(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new QueryError("out-of-range", `an integer beyond 2^53 was read: ${text}`, {
    hint: "run the statement with { bigints: true }",
  });
}

/** `\x00ff`, the output of `bytea_output = hex`. A plain array: a Buffer would share its memory with others. */
function bytes(text: string): Uint8Array {
  const result = new Uint8Array((text.length - 2) / 2);
  Buffer.from(result.buffer).write(text.slice(2), "hex");
  return result;
}

/**
 * By the object id of the type (`pg_type.dat` of the server's sources). Every other type, and with it every digit of
 * numeric, date and timestamp, stays the server's text; json too, which the dialect parses once.
 */
const parsers: ReadonlyMap<number, Parser> = new Map<number, Parser>([
  [16, flag], // bool
  [17, bytes], // bytea
  [20, safeInteger], // int8
  [21, number], // int2
  [23, number], // int4
  [26, number], // oid
  [700, single], // float4
  [701, number], // float8
  [1042, unpadded], // char(n)
]);

const int8 = 20;

/** How values of a type are read. `bigints`: every int8 is a `bigint`, whatever its size. */
export function parserOf(type: number, bigints: boolean): Parser {
  if (bigints && type === int8) return BigInt;
  return parsers.get(type) ?? asText;
}
