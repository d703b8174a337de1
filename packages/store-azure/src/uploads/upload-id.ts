import { randomUUID } from "node:crypto";

/**
 * An upload is a set of uncommitted blocks of one blob whose ids begin with the upload's: it exists nowhere else. All
 * ids of a blob must have one length; these have the one that Microsoft's SDKs use, 64 characters of base64 for 48 bytes.
 */

const digits = 6;
const idPattern = /^m[0-9a-z]{9}[0-9a-f]{32}$/;

/** Block numbers that stand for no part: the first is there as long as the upload, the last says that it was aborted. */
export const openMark = 0;
export const abortMark = 999_999;

/** A new id: the time, so that stale uploads can be told, and a random part. */
export function newUploadId(now: number = Date.now()): string {
  return `m${now.toString(36).padStart(9, "0")}${randomUUID().replaceAll("-", "")}`;
}

/** When the upload of one of our ids was begun. */
export function startedAt(id: string): Date {
  return new Date(Number.parseInt(id.slice(1, 10), 36));
}

/** The block id of a part, in base64. */
export function blockId(id: string, number: number): string {
  return Buffer.from(id + String(number).padStart(digits, "0")).toString("base64");
}

/** Upload and number of a block; undefined for another program's. */
export function parseBlockId(block: string): { readonly id: string; readonly number: number } | undefined {
  const text = Buffer.from(block, "base64").toString("latin1");
  const [id, number] = [text.slice(0, -digits), text.slice(-digits)];
  return idPattern.test(id) && /^\d+$/.test(number) ? { id, number: Number(number) } : undefined;
}
