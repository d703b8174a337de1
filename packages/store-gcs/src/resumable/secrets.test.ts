import { inspect } from "node:util";
import type { ObjectKey } from "@mortise/core";
import { parseKey } from "@mortise/core";
import { uploadInParts } from "@mortise/store-kit";
import type { CloudWrite } from "@mortise/store-kit/cloud";
import { cloudStore } from "@mortise/store-kit/cloud";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { pattern, site, testBackend } from "../testing/backend.ts";
import { startGcsServer } from "../testing/gcs-server.ts";
import type { Answer, GcsServer, Seen } from "../testing/objects.ts";
import { refusal } from "../testing/objects.ts";
import { chunkMultiple } from "./progress.ts";

let server: GcsServer;
beforeEach(async () => {
  server = await startGcsServer();
});
afterEach(() => server[Symbol.asyncDispose]());

const write: CloudWrite = { site, mode: "overwrite" };
const key: ObjectKey = parseKey("a");
const shown = (error: unknown): string => inspect(error, { depth: 9, showHidden: true });
const secretOf = (id: string): string => /upload_id=(.*)/.exec(id)?.[1] ?? id;

/** Fails the next request to a session. */
function failNext(method: string, answer: (seen: Seen) => Answer): void {
  server.instead.push((seen) =>
    seen.method === method && seen.url.searchParams.has("upload_id") ? answer(seen) : undefined,
  );
}
async function* body(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let index = 0; index < 9; index++) yield await Promise.resolve(new Uint8Array(1024 * 1024));
}

describe("the address of a session, whose holder may write the object for a week", () => {
  it.each([
    [
      "an upload id of Google's for a request id",
      (secret: string) => ({ ...refusal(503, "backendError"), headers: { "x-guploader-uploadid": secret } }),
    ],
    [
      "a proxy's text",
      (_: string, { url }: Seen) => ({
        status: 502,
        headers: { "content-type": "text/plain" },
        body: Buffer.from(`no route to ${url.href} now`),
      }),
    ],
    [
      "JSON",
      (_: string, { url }: Seen) =>
        refusal(503, "backendError", `at ${url.href}, encoded ${encodeURIComponent(url.href)}`),
    ],
    [
      "XML",
      (secret: string) => ({
        status: 400,
        headers: { "content-type": "application/xml" },
        body: Buffer.from(`<Error><Code>X</Code><Message>upload_id=${secret}</Message></Error>`),
      }),
    ],
  ])("is not shown where the answer tells it in %s", async (_what, answer) => {
    const { multipart } = testBackend(server);
    const id = await multipart.start("p/a", write);
    const secret = secretOf(id);
    failNext("PUT", (seen) => answer(secret, seen));
    const error: unknown = await multipart
      .uploadPart("p/a", id, { number: 1, offset: 0, body: pattern(chunkMultiple) }, { site })
      .catch((failure: unknown) => failure);
    expect(error).toMatchObject({ code: expect.any(String) });
    expect(shown(error)).not.toContain(secret);
  });

  it("is not the request id of an upload that was not begun", async () => {
    const { multipart } = testBackend(server);
    server.instead.push(() => ({ ...refusal(503, "backendError"), headers: { "x-guploader-uploadid": "canary" } }));
    const error: unknown = await multipart.start("p/a", write).catch((failure: unknown) => failure);
    expect(error).toMatchObject({ code: "unavailable" });
    expect(shown(error)).not.toContain("canary");
  });

  it("is not in the hint about parts that may be left", async () => {
    const store = cloudStore(testBackend(server), { probe: false, retry: { attempts: 1 } });
    failNext("PUT", () => ({ status: 503 }));
    failNext("DELETE", () => ({ status: 503 }));
    const error: unknown = await store.put(key, body(), {}).catch((failure: unknown) => failure);
    expect(error).toMatchObject({ hint: expect.stringContaining("may be left") });
    expect(shown(error)).not.toContain(secretOf([...server.sessions.keys()][0] ?? ""));
  });

  it("is not in the hint about how to go on", async () => {
    const store = cloudStore(testBackend(server), { probe: false, retry: { attempts: 1 } });
    failNext("PUT", () => ({ status: 503 }));
    const source = new Blob([pattern(9 * 1024 * 1024)]);
    const error: unknown = await uploadInParts(store, key, source).catch((failure: unknown) => failure);
    expect(error).toMatchObject({ hint: expect.stringContaining("onStarted") });
    expect(shown(error)).not.toContain(secretOf([...server.sessions.keys()][0] ?? ""));
  });
});
