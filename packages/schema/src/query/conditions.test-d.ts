import { expectTypeOf } from "vitest";
import { closed } from "../types/fixtures.test-d.ts";
import type { Row } from "../types/index.ts";
import { all, not, sql, unchecked, universal } from "./index.ts";

const Subject = closed.manual("Subject", "subject_id : int32\n---\nname : varchar(100)");
const Session = closed.manual("Session", "-> Subject\nsession : int16\n---\nrig = null : varchar(4)\nscore : float64", {
  Subject,
});

Session.where(not({ rig: null }), not(all({ session: 1 }, sql`score > ${0.5}`)), not(not({ session: 1 })));
Session.where(not(Subject), unchecked(Subject), not(unchecked(Subject)), universal("rig"), not(universal("rig")));
Session.where([sql`score > ${1}`, not({ session: 2 }), Subject]);
// @ts-expect-error unchecked takes tables and queries
unchecked({ session: 1 });

const rigs = universal("rig", "session").of(Session);
expectTypeOf<Row<typeof rigs>>().toEqualTypeOf<{ rig: string | null; session: number }>();
expectTypeOf(rigs.keys()).resolves.items.toEqualTypeOf<{ rig: string | null; session: number }>();

const computed = Session.proj("rig", { twice: sql<number>`score * 2` });
expectTypeOf<Row<typeof computed>["twice"]>().toEqualTypeOf<number>();
