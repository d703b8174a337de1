import { isStoreError } from "@mortise/core";
import { storeError } from "@mortise/store-kit";
import type { CloudBackend, CloudBody, CloudCall, CloudObject } from "@mortise/store-kit/cloud";
import { brokenAnswer } from "../errors.ts";
import { quoted } from "../wire/fields.ts";
import type { Send } from "../wire/send.ts";
import { countOf, describeObject } from "./describe.ts";

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export function createGet(send: Send): CloudBackend["get"] {
  return async (name, call) => {
    const { range, ifMatch } = call;
    const headers: Record<string, string> = {};
    if (ifMatch !== undefined) headers["if-match"] = quoted(ifMatch);
    if (range !== undefined) {
      const { offset, length } = range;
      headers["range"] = `bytes=${offset}-${length === undefined ? "" : offset + length - 1}`;
    }
    const condition = ifMatch === undefined ? undefined : "ifMatch";
    const response = await send({ method: "GET", name, headers, call, condition });
    const { bytes, chunks, status } = response;
    const release = (): Promise<void> => response.release();
    try {
      // A body whose end is only that of the connection may be half of one.
      const marked = response.headers["transfer-encoding"] === undefined ? undefined : bytes?.byteLength;
      const length = countOf(response.headers["content-length"]) ?? marked;
      if (status !== 206) {
        const object = describeObject(call.site, name, length, response);
        // An object of no bytes has no range; some servers say so by answering it whole.
        if (range !== undefined && object.size <= range.offset) {
          throw storeError(call.site, "invalid-range", `offset ${range.offset} of an object of ${object.size} bytes`);
        }
        return { object, range: { offset: 0, length: object.size }, bytes, chunks, release };
      }
      const found = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(response.headers["content-range"] ?? "");
      if (found === null) throw brokenAnswer(call.site, "the range", status);
      const [first, last, size] = found.slice(1).map(Number) as [number, number, number];
      const object: CloudObject = describeObject(call.site, name, size, response);
      const body: CloudBody = { object, range: { offset: first, length: last - first + 1 }, bytes, chunks, release };
      return body;
    } catch (error) {
      await release();
      throw error;
    }
  };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html */
export function createHead(send: Send): CloudBackend["head"] {
  /** Whether the bucket is known to be there. */
  let proved = false;
  return async (name, call) => {
    for (let again = false; ; again = true) {
      try {
        const response = await send({ method: "HEAD", name, headers: {}, call });
        proved = true;
        return describeObject(call.site, name, countOf(response.headers["content-length"]), response);
      } catch (error) {
        const status = isStoreError(error) ? error.status : undefined;
        if (again || !(status === 400 || status === 403 || (status === 404 && !proved))) throw error;
        await explain(send, name, call, error).catch((reason: unknown) => {
          proved ||= isStoreError(reason, "not-found");
          throw reason;
        });
      }
    }
  };
}

/** A refused HEAD has no body, so that region, clock or keys may be wrong, or the bucket missing: GET says which. */
async function explain(send: Send, name: string, call: CloudCall, refusal: unknown): Promise<void> {
  try {
    const response = await send({ method: "GET", name, headers: { range: "bytes=0-0" }, call });
    await response.release();
  } catch (error) {
    throw isStoreError(error, "invalid-range") ? refusal : error;
  }
}
