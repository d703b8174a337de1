import * as fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { literal } from "../../../packages/db-mysql/src/connection/literal.ts";
import { type MysqlPlace, openPlace } from "./place.ts";

let place: MysqlPlace;

beforeAll(async () => {
  place = await openPlace();
});
afterAll(() => place[Symbol.asyncDispose]());

const dangerous = fc.constantFrom(
  "'",
  '"',
  "\\",
  "`",
  "\0",
  "\u001a",
  "\n",
  "%",
  "?",
  ";",
  "--",
  "/*",
  "é",
  "縗",
  "😀",
);
const text = fc.oneof(fc.string({ unit: fc.oneof(dangerous, fc.string({ unit: "grapheme" })) }), fc.string());
const bytes = fc.uint8Array({ maxLength: 40 });
const whole = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const float = fc.double({ noNaN: true, noDefaultInfinity: true });
const row = fc.record({ text, bytes, whole, float });

it.each(["", "NO_BACKSLASH_ESCAPES", "ANSI_QUOTES,PIPES_AS_CONCAT", "ANSI,NO_BACKSLASH_ESCAPES,IGNORE_SPACE"])(
  "the server reads literals as the values they were made of, in the SQL mode '%s'",
  async (mode) => {
    await place.raw.query(`set session sql_mode = '${mode}'`);
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async (values) => {
        const selects = values.map(
          (each) => `select hex(${literal(each.text)}) as t, hex(${literal(each.bytes)}) as b,
            cast(${literal(each.whole)} as char) as w, ${literal(each.float)} as f`,
        );
        const rows = await place.raw.query(selects.join(" union all "));
        // The sign of a zero is lost in a union: it is not compared.
        expect(rows.map(({ f, ...others }) => ({ ...others, f: Number(f) + 0 }))).toEqual(
          values.map((each) => ({
            t: Buffer.from(each.text, "utf8").toString("hex").toUpperCase(),
            b: Buffer.from(each.bytes).toString("hex").toUpperCase(),
            w: String(each.whole),
            f: each.float + 0,
          })),
        );
      }),
      { numRuns: 40 },
    );
    await place.raw.query("set session sql_mode = default");
  },
);
