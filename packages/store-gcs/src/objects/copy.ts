import { storeError } from "@mortise/store-kit";
import type { CloudCopy, CloudWritten } from "@mortise/store-kit/cloud";
import type { GcsApi } from "../api/api.ts";
import { jsonOf } from "../api/api.ts";
import { checkGeneration, generationFor } from "../api/conditions.ts";
import { encodeName } from "../api/paths.ts";
import type { ObjectResource } from "../api/resource.ts";
import { writtenFields, writtenOf } from "../api/resource.ts";
import type { Asked } from "../errors.ts";

interface Rewritten {
  readonly done?: boolean | undefined;
  readonly rewriteToken?: string | undefined;
  readonly resource?: ObjectResource | undefined;
}

/**
 * https://cloud.google.com/storage/docs/json_api/v1/objects/rewrite: large objects take several requests, each with the
 * same conditions; `@google-cloud/storage` leaves them out after the first. An emulator ignores a condition on the
 * target, so that there a conditional copy is `unsupported` and the bytes go through this process.
 */
export async function copyObject(api: GcsApi, to: string, call: CloudCopy): Promise<CloudWritten> {
  const { site, mode, source, signal, contentType, metadata } = call;
  if (mode !== "overwrite" && !api.google) {
    throw storeError(site, "unsupported", "only Google's own servers are known to keep the condition of a copy");
  }
  const generation = generationFor(site, mode);
  const asked: Asked = { site, mode };
  // Without a body metadata and type are the source's; with one they are replaced as a whole.
  const replaced = contentType !== undefined || metadata !== undefined;
  const resource = { contentType: contentType ?? source.contentType, metadata: metadata ?? source.metadata };
  const body = Buffer.from(replaced ? JSON.stringify(resource) : "{}");
  const fixed = [
    `sourceGeneration=${checkGeneration(site, source.etag ?? "")}`,
    `fields=done,rewriteToken,resource(${writtenFields})`,
    ...(generation === undefined ? [] : [`ifGenerationMatch=${generation}`]),
  ].join("&");
  let token = "";
  for (;;) {
    const next = token === "" ? "" : `&rewriteToken=${encodeName(token)}`;
    const answer = await api.send({
      method: "POST",
      path: `${api.paths.rewrite(source.name, to)}${fixed}${next}`,
      headers: { "content-type": "application/json" },
      body,
      asked,
      signal,
    });
    const step = await jsonOf<Rewritten>(asked, answer);
    if (step.resource !== undefined && step.done !== false) return writtenOf(step.resource);
    if (step.rewriteToken === undefined || step.rewriteToken === "" || signal?.aborted === true) {
      throw storeError(site, "protocol", "the server neither finished the copy nor said how to go on");
    }
    token = step.rewriteToken;
  }
}
