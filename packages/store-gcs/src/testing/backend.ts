import type { CloudBackend } from "@mortise/store-kit/cloud";
import { createTransport } from "@mortise/store-kit/cloud";
import { createApi } from "../api/api.ts";
import { bucketPaths } from "../api/paths.ts";
import type { Tokens } from "../auth/tokens.ts";
import { anonymous } from "../auth/tokens.ts";
import { gcsBackend } from "../backend.ts";
import type { GcsServer } from "./objects.ts";

export const site = { operation: "test", store: "raw" };

/** The backend alone, one attempt per call. `google`: as if the server were Google's own. */
export function testBackend(
  { origin }: GcsServer,
  { google = true, tokens = anonymous, project }: { google?: boolean; tokens?: Tokens; project?: string } = {},
): CloudBackend {
  const transport = createTransport();
  const paths = bucketPaths("lab", project);
  const api = createApi({ bucket: "lab", origin, google, paths, transport, tokens });
  const close = (): Promise<void> => transport.close();
  return gcsBackend({ api, prefix: "p/", baseUrl: "gs://lab/p", storeName: "raw", presign: undefined, close });
}

/** Bytes that differ from their neighbours, and chunks that differ from each other. */
export function pattern(length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8) + (index >> 16) * 5) & 0xff);
}
