import { randomBytes } from "node:crypto";

/**
 * An upload is a set of uncommitted blocks of one blob whose ids begin with the upload's: it exists nowhere else. All
 * ids of a blob must have one length; these have the one that Microsoft's SDKs use, 64 characters of base64 for 48 bytes:
 * 20 of the upload, 6 of the part's number, and 22 of its MD5, which the service does not tell of blocks.
 */

const blockPattern = /^m[0-9a-z]{8}[\w-]{11}\d{6}[\w-]{22}$/;

/** Block numbers that stand for no part: the first is there as long as the upload, the last says that it was aborted. */
export const openMark = 0;
export const abortMark = 999_999;

/** A new id: the time, so that stale uploads can be told, and a random part. */
export function newUploadId(now: number = Date.now()): string {
  return `m${now.toString(36)}${randomBytes(8).toString("base64url")}`;
}

/** When the upload of one of our ids was begun. */
export function startedAt(id: string): Date {
  return new Date(Number.parseInt(id.slice(1, 9), 36));
}

/** The block id of a part, in base64. Without an MD5: of a block that nobody compares. */
export function blockId(id: string, number: number, md5: Buffer = Buffer.alloc(16)): string {
  return Buffer.from(id + String(number).padStart(6, "0") + md5.toString("base64url")).toString("base64");
}

/** What a block's id says. */
export interface BlockName {
  readonly id: string;
  readonly number: number;
  /** In hexadecimal. */
  readonly md5: string;
}

/** Undefined for another program's block. */
export function parseBlockId(block: string): BlockName | undefined {
  const text = Buffer.from(block, "base64").toString("latin1");
  if (!blockPattern.test(text)) return undefined;
  const md5 = Buffer.from(text.slice(26), "base64url").toString("hex");
  return { id: text.slice(0, 20), number: Number(text.slice(20, 26)), md5 };
}
