import { blobCodec } from "@mortise/codec-blob";
import { type ObjectRef, objectCodec } from "@mortise/codec-object";
import { sqlite } from "@mortise/db-sqlite";
import { expectTypeOf } from "vitest";
import { openProject } from "../project/open-project.ts";
import type { CodecsOf, NewRow, Row } from "../types/index.ts";
import { texts } from "./fixtures/define-lab.ts";
import type { Rig, Scan, Session, Setting, Subject, Tables } from "./fixtures/generated-lab.ts";

const plugins = [sqlite, blobCodec, objectCodec] as const;
type Codecs = CodecsOf<typeof plugins>;
const project = await openProject({ plugins });
const lab = project.schema("lab");

// What the generated types say is what the definitions themselves say.
const DefinedRig = lab.lookup("Rig", texts.Rig);
const DefinedSubject = lab.manual("Subject", texts.Subject);
const DefinedSession = lab.manual("Session", texts.Session, { Subject: DefinedSubject, Rig: DefinedRig });
const DefinedScan = lab.imported("Scan", texts.Scan, { Session: DefinedSession });
const DefinedCell = DefinedScan.part("Cell", texts.Cell);
const DefinedSetting = lab.manual("Setting", texts.Setting);
expectTypeOf<Rig.Row>().toEqualTypeOf<Row<typeof DefinedRig>>();
expectTypeOf<Subject.Row>().toEqualTypeOf<Row<typeof DefinedSubject>>();
expectTypeOf<Session.Row>().toEqualTypeOf<Row<typeof DefinedSession>>();
expectTypeOf<Scan.Row<Codecs>>().toEqualTypeOf<Row<typeof DefinedScan>>();
expectTypeOf<Scan.Cell.Row<Codecs>>().toEqualTypeOf<Row<typeof DefinedCell>>();
expectTypeOf<Setting.Row>().toEqualTypeOf<Row<typeof DefinedSetting>>();
expectTypeOf<Subject.NewRow>().toEqualTypeOf<NewRow<typeof DefinedSubject>>();
expectTypeOf<Session.NewRow>().toEqualTypeOf<NewRow<typeof DefinedSession>>();
expectTypeOf<Scan.NewRow<Codecs>>().toEqualTypeOf<NewRow<typeof DefinedScan>>();
expectTypeOf<Scan.Cell.NewRow<Codecs>>().toEqualTypeOf<NewRow<typeof DefinedCell>>();
expectTypeOf<Session.Key>().toEqualTypeOf<{ subject_id: number; started: string }>();
expectTypeOf<Scan.Row<Codecs>["log"]>().toEqualTypeOf<ObjectRef | null>();
// Values of a codec that the project does not have are unknown; without a list, those of `/register` modules count.
expectTypeOf<Scan.Row<CodecsOf<readonly [typeof sqlite]>>["log"]>().toEqualTypeOf<unknown>();

// A table that is opened with them is typed.
const sessions = await lab.table<Session.Heading>("Session");
expectTypeOf<Row<typeof sessions>>().toEqualTypeOf<Session.Row>();
expectTypeOf(sessions.fetch()).resolves.toEqualTypeOf<Session.Row[]>();
sessions.where({ rate: { gt: 1 } });
// @ts-expect-error no such column
sessions.where({ rates: 1 });
const cells = await lab.table<Tables<Codecs>["Scan.Cell"]>("Scan.Cell");
expectTypeOf(cells.fetchOne()).resolves.toEqualTypeOf<Scan.Cell.Row<Codecs>>();
// @ts-expect-error the key is incomplete
await cells.insertOne({ cell: 1, trace: [1] });
