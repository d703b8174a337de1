/** Single-request uploads (https://cloud.google.com/storage/docs/uploading-objects#rest-upload-objects, "multipart upload"). */
import type { Bytes } from "@mortise/core";
import { digest } from "@mortise/core";
import type { CloudWrite, CloudWritten } from "@mortise/store-kit/cloud";
import type { GcsApi } from "../api/api.ts";
import { jsonOf } from "../api/api.ts";
import { generationFor } from "../api/conditions.ts";
import { base64Of } from "../api/digests.ts";
import type { ObjectResource } from "../api/resource.ts";
import { writtenFields, writtenOf } from "../api/resource.ts";
import type { Asked } from "../errors.ts";
import { describeWrite } from "./describe.ts";
import { frameUpload } from "./framing.ts";
import { checkWritten } from "./verify.ts";

/** One request with metadata, digest and bytes: the object is there when all of it has arrived as it was sent. */
export async function putObject(api: GcsApi, name: string, body: Bytes, call: CloudWrite): Promise<CloudWritten> {
  const { site, mode, signal, onSent } = call;
  const generation = generationFor(site, mode);
  const described = describeWrite(name, call);
  const promised = described.md5Hash !== undefined || described.crc32c !== undefined;
  const resource = promised ? described : { ...described, crc32c: base64Of(digest("crc32c", body)) };
  const asked: Asked = { site, mode, promised };
  const framed = frameUpload(resource, described.contentType, body);
  const condition = generation === undefined ? "" : `&ifGenerationMatch=${generation}`;
  const answer = await api.send({
    method: "POST",
    path: `${api.paths.upload}multipart&fields=${writtenFields}${condition}`,
    headers: { "content-type": framed.contentType },
    body: framed.body,
    asked,
    signal,
    onSent,
  });
  const written = await jsonOf<ObjectResource>(asked, answer);
  await checkWritten(api, asked, name, written, {
    size: body.byteLength,
    md5Hash: resource.md5Hash,
    crc32c: resource.crc32c,
  });
  return writtenOf(written);
}
