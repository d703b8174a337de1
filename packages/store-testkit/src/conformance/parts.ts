import type {
  Bytes,
  Multipart,
  MultipartUpload,
  ObjectKey,
  ObjectStore,
  PutOptions,
  UploadedPart,
} from "@mortise/core";
import { isStoreError } from "@mortise/core";
import { holds } from "./assert.ts";
import type { CaseRow } from "./case.ts";
import { pattern } from "./case.ts";

/** The store's uploads; the cases require them. */
export function uploadsOf({ multipart }: ObjectStore): Multipart {
  holds(multipart !== undefined, "the store should have multipart");
  return multipart;
}

/** As a listing tells it. */
export interface OpenUpload {
  readonly key: ObjectKey;
  readonly id: string;
  readonly startedAt: Date;
}

/** Rules for stores that have uploads in parts. */
export function needingMultipart(rows: readonly CaseRow[]): readonly CaseRow[] {
  return rows.map(([rule, title, body, ...requires]) => [rule, title, body, "multipart", ...requires]);
}

/** Bytes of a part that the server takes before another: not more than it must, since there are servers with 5 MiB. */
export function partBytes({ limits }: MultipartUpload): number {
  const { minPart, multiple = 1 } = limits;
  return Math.ceil(Math.max(minPart, 1_000) / multiple) * multiple;
}

/** Sends one small part, which may be the last of any upload. */
export async function sendSmall(upload: MultipartUpload, seed: number): Promise<UploadedPart> {
  return await upload.uploadPart(1, smallPart(seed));
}

/** What `sendSmall` sends. */
export function smallPart(seed: number): Bytes {
  return pattern(700, seed);
}

/** An upload of one small part that is about to be completed. */
export async function beginSmall(
  store: ObjectStore,
  key: ObjectKey,
  seed: number,
  options?: PutOptions,
): Promise<{ readonly upload: MultipartUpload; readonly parts: readonly UploadedPart[] }> {
  const upload = await uploadsOf(store).start(key, options);
  return { upload, parts: [await sendSmall(upload, seed)] };
}

/** The parts that the server says it has. */
export async function partsOf(upload: MultipartUpload): Promise<readonly UploadedPart[]> {
  const parts: UploadedPart[] = [];
  for await (const part of upload.parts()) parts.push(part);
  return parts;
}

/** The ids of the open uploads below a prefix; none where the server can't tell, and the store says so. */
export async function openUploads(store: ObjectStore, prefix: string): Promise<readonly string[]> {
  return (await listUploads(store, prefix))?.map(({ id }) => id) ?? [];
}

/** The open uploads below a prefix; undefined where the store says that its server can't tell. */
export async function listUploads(store: ObjectStore, prefix: string): Promise<readonly OpenUpload[] | undefined> {
  const found: OpenUpload[] = [];
  try {
    for await (const each of uploadsOf(store).list({ prefix })) found.push(each);
    return found;
  } catch (error) {
    if (isStoreError(error, "unsupported")) return undefined;
    throw error;
  }
}
