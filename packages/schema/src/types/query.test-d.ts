import { expectTypeOf } from "vitest";
import { not } from "../query/index.ts";
import { closed, plugins } from "./fixtures.test-d.ts";
import type { OpenProject } from "./project.ts";
import type { SqlFragment } from "./restriction.ts";
import type { NewRow, Row, RowPatch } from "./rows.ts";

declare const openProject: OpenProject;
declare function sql<T = unknown>(text: TemplateStringsArray, ...values: readonly unknown[]): SqlFragment<T>;

const Subject = closed.manual("Subject", "subject_id : int32\n---\nname : varchar(100)\nsettings : json\nraw : <blob>");
const Session = closed.manual("Session", "-> Subject\nsession : int16\n---\nnotes = '' : varchar(400)\nat : datetime", {
  Subject,
});

// Restrictions
Session.where({ subject_id: 1 }, { session: [1, 2] }, { session: { gt: 5, lte: 9 } }, { at: new Date(0) });
Session.where(
  [{ subject_id: 1 }, { notes: { like: "a%" } }, Subject],
  not({ session: 1 }),
  Subject,
  sql`session > ${5}`,
);
Session.where(not([{ session: 1 }, { session: 2 }]), not(Subject), [not({ session: 1 })]);
Subject.where({ "settings.rate": 5, name: ["a", "b"] });
// @ts-expect-error an unknown name
Session.where({ sesion: 1 });
// @ts-expect-error undefined must not vanish
Session.where({ session: undefined });
// @ts-expect-error a bare string is no restriction
Session.where("session = 1");
// @ts-expect-error the wrong type
Session.where({ session: "1" });
// @ts-expect-error codec columns can't be compared
Subject.where({ raw: 5 });

// Projection, join
const renamed = Session.proj("notes", { day: "session", twice: sql<number>`session * 2` });
expectTypeOf<Row<typeof renamed>>().toEqualTypeOf<{ subject_id: number; notes: string; day: number; twice: number }>();
const joined = Subject.join(Session);
expectTypeOf<Row<typeof joined>["notes"]>().toEqualTypeOf<string>();
expectTypeOf<Awaited<ReturnType<typeof joined.keys>>>().toEqualTypeOf<{ subject_id: number; session: number }[]>();
const left = Session.join(Subject, { left: true, semanticCheck: false });
expectTypeOf<Row<typeof left>["name"]>().toEqualTypeOf<string | null>();
expectTypeOf<Row<typeof left>["notes"]>().toEqualTypeOf<string>();
expectTypeOf<Awaited<ReturnType<typeof left.keys>>>().toEqualTypeOf<{ subject_id: number; session: number }[]>();
expectTypeOf(Subject.join(Session, { semanticCheck: false })).toEqualTypeOf<typeof joined>();
// @ts-expect-error an unknown option
Subject.join(Session, { how: "left" });
// @ts-expect-error whether columns may be null must be known
Subject.join(Session, { left: Math.random() > 2 });
// @ts-expect-error an unknown column
Session.proj("sesion");

// Fetching
expectTypeOf(Session.fetch()).resolves.toEqualTypeOf<
  { subject_id: number; session: number; notes: string; at: string }[]
>();
expectTypeOf(Session.get({ subject_id: 1, session: 1 })).resolves.toEqualTypeOf<Row<typeof Session> | undefined>();
// @ts-expect-error the key is incomplete
void Session.get({ subject_id: 1 });
Session.orderBy("session desc", "subject_id").limit(5, 10);
expectTypeOf(Session).not.toHaveProperty("then");

// Writing
expectTypeOf<RowPatch<typeof Session>>().toEqualTypeOf<{
  readonly subject_id: number;
  readonly session: number;
  readonly notes?: string;
  readonly at?: string | Date;
}>();
// @ts-expect-error `at` is required
const missing: NewRow<typeof Session> = { subject_id: 1, session: 1 };
void missing;
expectTypeOf(Session.insert([])).resolves.toEqualTypeOf<{
  readonly inserted: number;
  readonly skipped: number;
  readonly uploaded: number;
  readonly deduplicated: number;
  readonly bytes: number;
}>();

// Codec types come from the list of plugins.
const project = await openProject({ plugins });
const schema = project.schema("lab");
const Image = schema.manual("Image", "image : int32\n---\npixels : <npy@>");
expectTypeOf<Row<typeof Image>>().toEqualTypeOf<{ image: number; pixels: { readonly shape: readonly number[] } }>();
const loose = (await openProject()).schema("lab").manual("Image", "image : int32\n---\npixels : <mine@>");
expectTypeOf<Row<typeof loose>>().toEqualTypeOf<{ image: number; pixels: unknown }>();

// A table opened by name takes and gives any columns.
const opened = await schema.table("Image");
opened.where({ image: 1 }, not({ image: 2 })).proj("pixels");
expectTypeOf<Row<typeof opened>>().toEqualTypeOf<{ [x: string]: unknown }>();
