import { storeError } from "../errors.ts";
import type { CloudBackend, CloudBody, CloudRead } from "./backend.ts";

/**
 * One attempt at a body, believed only as far as the answer proves: a server may ignore `ifMatch`, and a short body may
 * lack its end. The first is `precondition-failed`, the second `unavailable`, so that it is asked for again.
 */
export async function readBody(backend: CloudBackend, name: string, call: CloudRead): Promise<CloudBody> {
  const body = await backend.get(name, call);
  const problem = problemOf(body, call);
  if (problem === undefined) return body;
  await body.release();
  throw problem;
}

function problemOf({ object, bytes, range }: CloudBody, { site, ifMatch }: CloudRead): Error | undefined {
  if (ifMatch !== undefined && object.etag !== ifMatch) {
    return storeError(site, "precondition-failed", "the object is another than the one asked for", {
      hint: "it was overwritten: read it again, with the etag that head tells",
    });
  }
  if (bytes === undefined || bytes.byteLength === range.length) return undefined;
  return storeError(site, "unavailable", `the body has ${bytes.byteLength} of ${range.length} bytes`, {
    hint: "look whether a proxy cuts answers",
  });
}
