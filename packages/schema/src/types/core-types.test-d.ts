import { expectTypeOf } from "vitest";
import { closed } from "./fixtures.test-d.ts";
import type { NewRow, Row } from "./rows.ts";
import type { JsonValue } from "./value-types.ts";

const Wide = closed.manual(
  "Wide",
  `
  # one attribute per core type
  k8  : int8
  k16 : int16   # a comment
  k32 : int32#tight
  k64 : int64
  ---
  f32 : float32
  f64 : float64
  b   : bool
  u   : uuid
  j   : json
  raw : bytes
  d   : date
  dt  : datetime
  dt3 : datetime(3)
  c   : char(4)
  v   : varchar(255)  # it's a "text": with everything
  n   : decimal(8, 3)
  e   : enum('x', "y")
  none = null : int32
  five = 5 : int32
  empty = "" : varchar(10)
  colon = 'a:b' : varchar(10)
  maybe = NULL : enum('on','off')
  big = 0 : bigint
  word : mediumtext
  small : smallint unsigned
  `,
);

expectTypeOf<Row<typeof Wide>>().toEqualTypeOf<{
  k8: number;
  k16: number;
  k32: number;
  k64: bigint;
  f32: number;
  f64: number;
  b: boolean;
  u: string;
  j: JsonValue;
  raw: Uint8Array;
  d: string;
  dt: string;
  dt3: string;
  c: string;
  v: string;
  n: string;
  e: "x" | "y";
  none: number | null;
  five: number;
  empty: string;
  colon: string;
  maybe: "on" | "off" | null;
  big: bigint;
  word: string;
  small: number;
}>();

type New = NewRow<typeof Wide>;
expectTypeOf<New["k64"]>().toEqualTypeOf<bigint | number>();
expectTypeOf<New["b"]>().toEqualTypeOf<boolean | 0 | 1>();
expectTypeOf<New["d"]>().toEqualTypeOf<string | Date>();
expectTypeOf<New["dt3"]>().toEqualTypeOf<string | Date>();
expectTypeOf<New["n"]>().toEqualTypeOf<string | number | bigint>();
expectTypeOf<New["five"]>().toEqualTypeOf<number | undefined>();
expectTypeOf<New["none"]>().toEqualTypeOf<number | null | undefined>();
