import type { StoreError } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { storeError } from "@mortise/store-kit";
import type { CloudPart, CloudWrite, CloudWritten } from "@mortise/store-kit/cloud";
import type { Refusal } from "../errors.ts";
import { answerError, serviceCode } from "../errors.ts";
import { writtenOf } from "../objects/answer.ts";
import type { Container } from "../objects/container.ts";
import { sendBlob } from "../objects/container.ts";
import { addMetadata } from "../objects/metadata.ts";
import { addCondition } from "../objects/put.ts";
import { refusalByTarget, refusalOf } from "../objects/refusal.ts";

/** A write of an object of `size` bytes. */
export type Commit = CloudWrite & { readonly size: number };

/**
 * Put Block List (https://learn.microsoft.com/rest/api/storageservices/put-block-list): the object appears whole, and all
 * other uncommitted blocks of it are discarded. The MD5 is stored and not checked: blocks were, one by one.
 */
export async function commitBlocks(
  container: Container,
  name: string,
  parts: readonly CloudPart[],
  call: Commit,
): Promise<CloudWritten> {
  const { site, contentType, metadata, mode } = call;
  checkSize(site, parts, call.size);
  const headers: Record<string, string> = { "content-type": "application/xml" };
  if (contentType !== undefined) headers["x-ms-blob-content-type"] = contentType;
  const md5 = call.expect?.md5;
  if (md5 !== undefined) headers["x-ms-blob-content-md5"] = Buffer.from(md5, "hex").toString("base64");
  addMetadata(headers, metadata);
  addCondition(headers, mode);
  const list = parts.map(({ token, size }) => (size === 0 ? "" : `<Uncommitted>${token}</Uncommitted>`)).join("");
  const body = Buffer.from(`<?xml version="1.0" encoding="utf-8"?><BlockList>${list}</BlockList>`);
  const answer = await sendBlob(container, "PUT", name, call, headers, body, [["comp", "blocklist"]]);
  if (answer.status !== 201) throw await refusedCommit(container, name, call, answer);
  return writtenOf(container, answer.headers, md5 === undefined ? undefined : { md5: md5.toLowerCase() });
}

function checkSize(site: OperationSite, parts: readonly CloudPart[], size: number): void {
  const sum = parts.reduce((total, part) => total + part.size, 0);
  if (sum === size) return;
  throw storeError(site, "checksum-mismatch", `the parts have ${sum} bytes, ${size} were promised`);
}

/** Of two uploads of one object the first to be committed discards the blocks of the other, which must hear why. */
async function refusedCommit(container: Container, name: string, call: Commit, answer: Refusal): Promise<StoreError> {
  const error = answerError(call.site, answer);
  if (serviceCode(answer) !== "InvalidBlockList") return refusalOf(call.site, call.mode, error);
  return await refusalByTarget(container, name, call, error);
}
