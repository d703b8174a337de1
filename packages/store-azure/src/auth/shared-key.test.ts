import type { HttpOperationResponse, WebResource } from "@azure/storage-blob";
import { ContainerClient, newPipeline, StorageSharedKeyCredential } from "@azure/storage-blob";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keySigner, sharedKey } from "./shared-key.ts";

const account = "devstoreaccount1";
const key = Buffer.from("a key of an account, in no use").toString("base64");

/** What the SDK would send, signed by its own policy. */
async function signedBySdk(send: (client: ContainerClient) => Promise<unknown>): Promise<WebResource> {
  let seen: WebResource | undefined;
  const httpClient = {
    sendRequest(request: WebResource): Promise<HttpOperationResponse> {
      seen = request;
      return Promise.reject(new Error("not sent"));
    },
  };
  const pipeline = newPipeline(new StorageSharedKeyCredential(account, key), {
    httpClient,
    retryOptions: { maxTries: 1 },
  });
  await send(new ContainerClient(`http://127.0.0.1:1/${account}/lab`, pipeline)).catch(() => undefined);
  if (seen === undefined) throw new Error("the SDK sent nothing");
  return seen;
}

/** The same request, signed here. */
function signedHere(request: WebResource): string | undefined {
  const { pathname, searchParams } = new URL(request.url);
  const headers = Object.fromEntries(
    Object.entries(request.headers.toJson()).map(([name, text]) => [name.toLowerCase(), text]),
  );
  const length = Number(headers["content-length"] ?? 0);
  delete headers["authorization"];
  const query = [...searchParams].sort(([a], [b]) => (a < b ? -1 : 1));
  const site = { operation: "test", store: "azure" };
  void sharedKey(account, keySigner(key)).authorize({
    method: request.method,
    path: pathname,
    query,
    headers,
    length,
    site,
  });
  return headers["authorization"];
}

const blob = (client: ContainerClient) => client.getBlockBlobClient("a b/ü+%'😀");

describe("the Shared Key signature", () => {
  it.each<[string, (client: ContainerClient) => Promise<unknown>]>([
    ["a put", (client) => blob(client).upload("hello", 5, { conditions: { ifNoneMatch: "*" } })],
    ["an empty put", (client) => blob(client).upload("", 0, { conditions: { ifMatch: '"0x1"' } })],
    [
      "a put with headers",
      (client) => blob(client).upload("x", 1, { blobHTTPHeaders: { blobContentType: "text/plain" } }),
    ],
    ["a get of a range", (client) => blob(client).download(5, 10)],
    ["a head", (client) => blob(client).getProperties()],
    ["a conditional delete", (client) => blob(client).delete({ conditions: { ifMatch: '"0x8D"' } })],
    ["a block", (client) => blob(client).stageBlock("AAAA", "block", 5)],
    ["a block list", (client) => blob(client).commitBlockList(["AAAA", "AAAB"])],
    ["a listing", (client) => client.listBlobsFlat({ prefix: "ü/ &=" }).byPage({ maxPageSize: 7 }).next()],
    ["a copy", (client) => blob(client).syncCopyFromURL("http://127.0.0.1:1/x?sig=a%2Fb")],
  ])("of %s is the SDK's", async (_, send) => {
    const request = await signedBySdk(send);
    expect(request.headers.get("authorization")).toMatch(/^SharedKey devstoreaccount1:.{44}$/);
    expect(signedHere(request)).toBe(request.headers.get("authorization"));
  });

  it("is the SDK's for any metadata that is sent", async () => {
    const name = fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/);
    const value = fc.stringMatching(/^[!-~]([ -~]{0,8}[!-~])?$/);
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, value, { maxKeys: 6 }), async (metadata) => {
        const request = await signedBySdk((client) => blob(client).upload("x", 1, { metadata }));
        expect(signedHere(request)).toBe(request.headers.get("authorization"));
      }),
      { numRuns: 60 },
    );
  });
});
