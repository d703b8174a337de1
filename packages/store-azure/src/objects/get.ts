import type { OperationSite } from "@mortise/store-kit";
import { storeError } from "@mortise/store-kit";
import type { CloudBody, CloudRead, HttpResponse } from "@mortise/store-kit/cloud";
import { answerError } from "../errors.ts";
import { lengthOf, objectOf } from "./answer.ts";
import type { Container } from "./container.ts";
import { sendBlob } from "./container.ts";
import { refusalOf } from "./refusal.ts";

/** Get Blob: https://learn.microsoft.com/rest/api/storageservices/get-blob */
export async function getBlob(container: Container, name: string, call: CloudRead): Promise<CloudBody> {
  const { site, range, ifMatch } = call;
  const headers: Record<string, string> = {};
  if (ifMatch !== undefined) headers["if-match"] = ifMatch;
  if (range !== undefined) {
    const last = range.length === undefined ? "" : range.offset + range.length - 1;
    headers["range"] = `bytes=${range.offset}-${last}`;
  }
  const answer = await sendBlob(container, "GET", name, call, headers);
  try {
    if (answer.status !== 200 && answer.status !== 206) {
      const error = answerError(site, answer);
      throw ifMatch === undefined ? error : refusalOf(site, { ifMatch }, error);
    }
    return bodyOf(container, name, site, answer);
  } catch (error) {
    await answer.release();
    throw error;
  }
}

function bodyOf(container: Container, name: string, site: OperationSite, answer: HttpResponse): CloudBody {
  const { headers, bytes, chunks } = answer;
  const length = lengthOf(site, headers);
  const { offset, size } = answer.status === 206 ? contentRange(site, headers) : { offset: 0, size: length };
  // Azurite answers a range that begins at the end with 206 and nothing.
  if (answer.status === 206 && offset >= size) {
    throw storeError(site, "invalid-range", `offset ${offset} of an object of ${size} bytes`, { status: 206 });
  }
  return {
    object: objectOf(container, name, headers, size),
    range: { offset, length },
    bytes,
    chunks,
    release: () => answer.release(),
  };
}

function contentRange(
  site: OperationSite,
  headers: HttpResponse["headers"],
): { readonly offset: number; readonly size: number } {
  // Of an empty object Azurite says "bytes 0--1/0".
  const [, start, size] = /^bytes (\d+)--?\d+\/(\d+)$/.exec(headers["content-range"] ?? "") ?? [];
  if (start !== undefined && size !== undefined) return { offset: Number(start), size: Number(size) };
  throw storeError(site, "protocol", "the answer is a part of the object and does not tell which");
}
