import { expectTypeOf } from "vitest";
import { closed } from "../types/fixtures.test-d.ts";
import type { Row } from "../types/index.ts";
import { all, not, sql, unchecked, universal } from "./index.ts";

const Subject = closed.manual("Subject", "subject_id : int32\n---\nname : varchar(100)");
const Session = closed.manual("Session", "-> Subject\nsession : int16\n---\nrig = null : varchar(4)\nscore : float64", {
  Subject,
});

const Json = closed.manual("Json", "n : int32\n---\nsettings : json");

Session.where(not({ rig: null }), not(all({ session: 1 }, sql`score > ${0.5}`)), not(not({ session: 1 })));
Session.where(not(Subject), unchecked(Subject), not(unchecked(Subject)), universal("rig"), not(universal("rig")));
Session.where(not([{ session: 1 }, { session: 2 }]), not({ rig: ["a", null] }), not({ score: { gt: 1 } }));
// @ts-expect-error an unknown name
Session.where(not({ sesion: 1 }));
// @ts-expect-error an unknown name beside a known one
Session.where(not({ session: 1, sesion: 1 }));
// @ts-expect-error an unknown name in a list
Session.where(not([{ session: 1 }, { sesion: 1 }]));
// @ts-expect-error an unknown name inside
Session.where(not(all({ sesion: 1 })));
// @ts-expect-error an unknown name, twice negated
Session.where([not(not({ sesion: 1 }))]);
// @ts-expect-error the wrong type
Session.where(not({ session: "1" }));
// @ts-expect-error a bare string is no restriction
Session.where(not("session = 1"));
// @ts-expect-error a bare string among conditions
Session.where(not(all("session = 1")));
Json.where(not({ "settings.rate": 5 }), not(all({ "settings.rate": [5] as never, n: 1 })));
// @ts-expect-error an unknown name beside a JSON column
Json.where(not({ "setings.rate": 5 }));
// @ts-expect-error JSON is not compared as a whole
Json.where(not({ settings: 5 }));

Session.where([sql`score > ${1}`, not({ session: 2 }), Subject]);
// @ts-expect-error unchecked takes tables and queries
unchecked({ session: 1 });

const misspelt = { sesion: 1 };
// @ts-expect-error a variable without any name of the table
Session.where(misspelt);
const some = { session: 1 };
Session.where(some, not(some), [some]);
// @ts-expect-error a number is no restriction
Session.where(5);
// @ts-expect-error a number is no restriction, with a JSON column either
Json.where(5);
// @ts-expect-error nor is a string
Json.where("n = 5");

const rigs = universal("rig", "session").of(Session);
expectTypeOf<Row<typeof rigs>>().toEqualTypeOf<{ rig: string | null; session: number }>();
expectTypeOf(rigs.keys()).resolves.items.toEqualTypeOf<{ rig: string | null; session: number }>();

const computed = Session.proj("rig", { twice: sql<number>`score * 2` });
expectTypeOf<Row<typeof computed>["twice"]>().toEqualTypeOf<number>();
