import { expectTypeOf } from "vitest";
import type { CodecsOf } from "./codec-types.ts";
import type { Checked } from "./definition-types.ts";
import { closed, type plugins } from "./fixtures.test-d.ts";
import type { NewRow, Row } from "./rows.ts";

type Problem<D extends string, R = {}> =
  Checked<D, R, CodecsOf<typeof plugins>> extends { readonly "definition error": infer M } ? M : never;

// A wrong definition is a type error that says what is wrong.
expectTypeOf<Problem<"a : uint8">>().toEqualTypeOf<"a: unknown type 'uint8'">();
expectTypeOf<Problem<"a : INT32">>().toEqualTypeOf<"a: unknown type 'INT32'">();
expectTypeOf<Problem<"a : varchar (20)">>().toEqualTypeOf<"a: unknown type 'varchar (20)'">();
expectTypeOf<Problem<"a : ">>().toEqualTypeOf<"a: the type is missing">();
expectTypeOf<Problem<"a int32">>().toEqualTypeOf<"cannot read line 'a int32': expected 'name : type'">();
expectTypeOf<Problem<"Aa : int32">>().toEqualTypeOf<"Aa: a name starts with a lower-case letter">();
expectTypeOf<Problem<"1a : int32">>().toEqualTypeOf<"1a: a name starts with a lower-case letter">();
expectTypeOf<Problem<"aB : int32">>().toEqualTypeOf<"aB: names are lower case: letters, digits and '_'">();
expectTypeOf<Problem<"_a : int32">>().toEqualTypeOf<"_a: names that start with '_' are reserved for hidden columns">();
expectTypeOf<Problem<"a = null : int32">>().toEqualTypeOf<"a: a key attribute can't be nullable">();
expectTypeOf<Problem<"a : json">>().toEqualTypeOf<"a: json, bytes and codec columns can't be part of the key">();
expectTypeOf<Problem<"a : <blob@>">>().toEqualTypeOf<"a: json, bytes and codec columns can't be part of the key">();
expectTypeOf<
  Problem<"k : int8\n---\na : <nope>">
>().toEqualTypeOf<"a: unknown codec <nope>: add its codec to `plugins`">();
expectTypeOf<Problem<"a : enum ('x')">>().toEqualTypeOf<"a: enum needs values: enum('a', 'b')">();
expectTypeOf<Problem<"a = 'x : int32">>().toEqualTypeOf<"a: the default has no closing quote">();
expectTypeOf<Problem<"-> Nope">>().toEqualTypeOf<"-> Nope: pass the table in the third argument, { Nope }">();
expectTypeOf<Problem<"-> X", { X: 1 }>>().toEqualTypeOf<"-> X: the third argument's X is not a table">();
expectTypeOf<Problem<"k : int8\n---\na : int8  # fine\nindex (a)">>().toEqualTypeOf<never>();
// @ts-expect-error "definition error": "a: unknown type 'uint8'"
closed.manual("A", "a : uint8");

const Subject = closed.manual("Subject", "subject_id : int32  # unique id\n---\nname : varchar(100)");
const Session = closed.manual("Session", "-> Subject\nsession : int16\n---\nnotes = '' : varchar(400)", { Subject });
expectTypeOf<Row<typeof Session>>().toEqualTypeOf<{ subject_id: number; session: number; notes: string }>();

// Options, renaming, several foreign keys to one parent; a name already there is reused.
const Visit = closed.manual(
  "Visit",
  `
  visit : int32
  ---
  -> Subject
  -> [nullable] Session   # again subject_id, which stays required
  -> [nullable, unique] Subject.proj(rival='subject_id')
  -> [unique] Subject.proj(buddy="subject_id")
  `,
  { Subject, Session },
);
expectTypeOf<Row<typeof Visit>>().toEqualTypeOf<{
  visit: number;
  subject_id: number;
  session: number | null;
  rival: number | null;
  buddy: number;
}>();
expectTypeOf<NewRow<typeof Visit>>().toEqualTypeOf<{
  readonly visit: number;
  readonly subject_id: number;
  readonly session?: number | null | undefined;
  readonly rival?: number | null | undefined;
  readonly buddy: number;
}>();
// @ts-expect-error a foreign key in the key can't be nullable
closed.manual("A", "-> [nullable] Subject", { Subject });

// Parts refer to their master by `master` or by its name.
const Trial = Session.part("Trial", "-> master\ntrial : int16\n---\nstart : float64");
expectTypeOf<Row<typeof Trial>>().toEqualTypeOf<{
  subject_id: number;
  session: number;
  trial: number;
  start: number;
}>();
const Block = Session.part("Block", "-> Session\nblock : int16");
expectTypeOf<Row<typeof Block>>().toEqualTypeOf<{ subject_id: number; session: number; block: number }>();
const Event = closed.manual("Event", "-> Session.Trial\nevent : int32", { "Session.Trial": Trial });
expectTypeOf<keyof Row<typeof Event>>().toEqualTypeOf<"subject_id" | "session" | "trial" | "event">();

// Contents of a lookup are rows of its own heading.
closed.lookup("Strain", "strain : varchar(32)\n---\nnote = '' : varchar(20)", {}, { contents: [{ strain: "b6" }] });
// @ts-expect-error strain is text
closed.lookup("Strain", "strain : varchar(32)", {}, { contents: [{ strain: 5 }] });

// Text that is only known at run time gives rows of unknown columns.
declare const text: string;
const Dynamic = closed.manual("Dynamic", text);
expectTypeOf<Row<typeof Dynamic>>().toEqualTypeOf<{ [x: string]: unknown }>();
