import { attachCodec } from "@mortise/codec-attach";
import { blobCodec } from "@mortise/codec-blob";
import { filepathCodec } from "@mortise/codec-filepath";
import { type ObjectInput, type ObjectRef, objectCodec } from "@mortise/codec-object";
import { sqlite } from "@mortise/db-sqlite";
import { fileStore } from "@mortise/store-file";
import { expectTypeOf } from "vitest";
import { openProject } from "../project/open-project.ts";
import type { NewRow, Row } from "./rows.ts";

// The codecs as they are published: their types come from the list of plugins and from nothing else.
const plugins = [fileStore, sqlite, blobCodec, objectCodec, filepathCodec, attachCodec] as const;
const project = await openProject({ plugins });
const Recording = project.schema("lab").manual(
  "Recording",
  `
  recording_id : uuid
  ---
  inline : <blob>
  trace  : <blob@>
  scan   = null : <object@raw>
  file   : <filepath@raw>
  notes  : <attach@>
  `,
);

expectTypeOf<Row<typeof Recording>>().toEqualTypeOf<{
  recording_id: string;
  inline: unknown;
  trace: unknown;
  scan: ObjectRef | null;
  file: ObjectRef;
  notes: string;
}>();
expectTypeOf<NewRow<typeof Recording>["scan"]>().toEqualTypeOf<ObjectInput | null | undefined>();
// @ts-expect-error unknown codec <mine>: it is not among the plugins
project.schema("lab").manual("Other", "k : int8\n---\nx : <mine@>");

// A list written in place is a tuple as well.
const inline = await openProject({ plugins: [sqlite, objectCodec] });
const Scan = inline.schema("lab").manual("Scan", "scan : int32\n---\ndata : <object@>");
expectTypeOf<Row<typeof Scan>>().toEqualTypeOf<{ scan: number; data: ObjectRef }>();
// @ts-expect-error unknown codec <blob>
inline.schema("lab").manual("Other", "k : int8\n---\nx : <blob@>");

// Without a list, whatever `/register` modules have added to `CodecTypes`; anything else is unknown.
const registered = await openProject();
const Loose = registered.schema("lab").manual("Loose", "k : int8\n---\nx : <mine@>");
expectTypeOf<Row<typeof Loose>>().toEqualTypeOf<{ k: number; x: unknown }>();
