// Reads every object back through the tables and compares it with its source by SHA-256.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isNDArray, type NDArray } from "@mortise/array";
import type { ObjectRef } from "@mortise/codec-object";
import type { Loaded } from "./load.ts";
import type { Tables } from "./tables.ts";

export interface Verified {
  /** Distinct objects that were read back and are equal. */
  readonly objects: number;
  /** Bytes read. */
  readonly bytes: number;
}

async function digest(source: AsyncIterable<Uint8Array>): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of source) {
    hash.update(chunk);
    bytes += chunk.byteLength;
  }
  return { sha256: hash.digest("hex"), bytes };
}

function same(what: string, actual: string, expected: string): void {
  if (actual !== expected) throw new Error(`${what} differs from its source: SHA-256 ${actual}, expected ${expected}`);
}

/** Items and shape in one digest: an array with another shape is not the same. Text comes back as a list of texts. */
function arrayDigest(value: unknown): string {
  const hash = createHash("sha256");
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    const shape = [(value as unknown as { readonly length: number }).length];
    return hash.update(`${value.constructor.name} ${shape.join()}\n`).update(bytes).digest("hex");
  }
  if (!isNDArray(value)) throw new Error("a blob came back as something else than an array");
  const { data, dtype, shape } = value.toOrder("C");
  if (/^(object|[<>|]?U)/.test(dtype)) return hash.update(JSON.stringify([shape, value.toNested()])).digest("hex");
  const view = data as unknown as ArrayBufferView;
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  return hash.update(`${data.constructor.name} ${shape.join()}\n`).update(bytes).digest("hex");
}

export async function verify(tables: Tables, loaded: Loaded): Promise<Verified> {
  const seen = new Set<string>();
  let bytes = 0;
  const checkFile = async (ref: ObjectRef, path: string, subpath?: string): Promise<void> => {
    const actual = await digest(await ref.stream(subpath));
    same(`${ref.path} ${subpath ?? ""}`, actual.sha256, (await digest(createReadStream(path))).sha256);
    seen.add(`${ref.store}:${ref.path}/${subpath ?? ""}`);
    bytes += actual.bytes;
  };
  const checkArray = (name: string, value: unknown, expected: NDArray): void => {
    const sha256 = arrayDigest(value);
    same(name, sha256, arrayDigest(expected));
    seen.add(`blob:${name.split(" ")[0]}:${sha256}`);
    bytes += (expected.data as unknown as ArrayBufferView).byteLength;
  };
  const checkFolder = async (ref: ObjectRef, folder: string): Promise<void> => {
    for await (const file of ref.files()) await checkFile(ref, join(folder, file.path), file.path);
    const result = await ref.verify();
    if (result.status !== "verified" || result.extra.length > 0) throw new Error(`${ref.path} has no sound manifest`);
  };

  for (const { key, path, array } of loaded.traces) {
    const row = await tables.Trace.where(key).fetchOne();
    await checkFile(row.npy_file, path);
    checkArray(`main ${key.trace_name}`, row.samples, array);
  }
  for (const { recording, folder, array } of loaded.scans) {
    const { recording_id } = recording;
    const withPartition = await tables.Recording.where(recording).fetchOne();
    const without = await tables.Scan.where({ recording_id }).fetchOne();
    for (const row of [withPartition, without]) {
      checkArray("raw raw_data", row.raw_data, array);
      await checkFolder(row.zarr_scan, folder);
    }
  }
  for (const { name, path } of loaded.files) {
    const row = await tables.RigFile.where({ file_name: name }).fetchOne();
    await checkFile(row.managed, path);
    const expected = createHash("sha256")
      .update(await readFile(path))
      .digest("hex");
    const content = await readFile(row.attached);
    same(row.attached, createHash("sha256").update(content).digest("hex"), expected);
    seen.add(`attach:${row.attached}`);
    bytes += content.byteLength;
  }
  return { objects: seen.size, bytes };
}
