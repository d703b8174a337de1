import { expectTypeOf } from "vitest";
import { closed, type ObjectHandle, open } from "./fixtures.test-d.ts";
import type { NewRow, Row } from "./rows.ts";

const Recording = closed.manual(
  "Recording",
  `
  recording_id : uuid
  ---
  inline  : <blob>
  blob    : <blob@raw>      # deduplicated by content
  object  : <object@raw>
  attach  = null : <attach@>
  npy     : < npy @ cold >
  file    : <filepath@raw>
  hash    : <hash@>
  `,
);

expectTypeOf<Row<typeof Recording>>().toEqualTypeOf<{
  recording_id: string;
  inline: unknown;
  blob: unknown;
  object: ObjectHandle;
  attach: string | null;
  npy: { readonly shape: readonly number[] };
  file: ObjectHandle;
  hash: Uint8Array;
}>();
expectTypeOf<NewRow<typeof Recording>["object"]>().toEqualTypeOf<Uint8Array | Blob>();
expectTypeOf<NewRow<typeof Recording>["npy"]>().toEqualTypeOf<Float64Array>();
expectTypeOf<NewRow<typeof Recording>["attach"]>().toEqualTypeOf<string | null | undefined>();

// A list of plugins closes the set of codecs; without one an unknown codec is unknown.
// @ts-expect-error unknown codec <mine>
closed.manual("A", "k : int8\n---\nz : <mine@>");
const Open = open.manual("A", "k : int8\n---\nz : <mine@>");
expectTypeOf<Row<typeof Open>>().toEqualTypeOf<{ k: number; z: unknown }>();

const Narrow = Recording.as<{ blob: Float32Array }>();
expectTypeOf<Row<typeof Narrow>["blob"]>().toEqualTypeOf<Float32Array>();
// @ts-expect-error a narrower type must be assignable to the codec's
Recording.as<{ object: number }>();
