import { hash } from "node:crypto";
import type { Bytes } from "@mortise/core";
import type { CloudCall, CloudPart, CloudWrite } from "@mortise/store-kit/cloud";
import { answerError } from "../errors.ts";
import type { Container } from "../objects/container.ts";
import { sendBlob } from "../objects/container.ts";
import { blockId } from "./upload-id.ts";

/** Put Block, with its MD5: https://learn.microsoft.com/rest/api/storageservices/put-block */
export async function putBlock(
  container: Container,
  name: string,
  id: string,
  part: { readonly number: number; readonly body: Bytes },
  call: CloudCall & Pick<CloudWrite, "onSent">,
): Promise<CloudPart> {
  const { number, body } = part;
  const md5 = hash("md5", body, "buffer");
  const token = blockId(id, number, md5);
  // The service takes no block of no bytes, and no object needs one.
  if (body.byteLength === 0) return { number, size: 0, token, md5: md5.toString("hex") };
  const headers = { "content-md5": md5.toString("base64") };
  const answer = await sendBlob(container, "PUT", name, call, headers, body, blockQuery(token));
  if (answer.status !== 201) throw answerError(call.site, answer);
  return { number, size: body.byteLength, token, md5: md5.toString("hex") };
}

/** The query of a request on one block. */
export function blockQuery(block: string): readonly (readonly [string, string])[] {
  return [
    ["blockid", block],
    ["comp", "block"],
  ];
}
