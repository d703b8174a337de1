import { describe, expect, it } from "vitest";
import { createSdk } from "../sdk/client.ts";
import type { Answer, Received } from "../testing/server.ts";
import { errorBody, scriptedServer } from "../testing/server.ts";
import { backendOn, call, targetOn } from "../testing/target.ts";
import { createCopy } from "./copy.ts";

const source = {
  name: "from/ä b",
  size: 25,
  etag: "s1",
  lastModified: new Date(0),
  contentType: "x/y",
  metadata: { who: "Zoë" },
};

/** Copies on a server that does what it is told, unless `answer` says otherwise; above 10 bytes in parts of 10. */
async function copying(
  options: Partial<Parameters<ReturnType<typeof createCopy>>[1]>,
  answer: (request: Received) => Answer | undefined = () => undefined,
) {
  await using server = await scriptedServer((request) => answer(request) ?? obedient(request));
  const target = targetOn(server.endpoint);
  const sdk = createSdk(target);
  const backend = backendOn(target);
  const copy = createCopy({
    target,
    sdk,
    put: (...write) => backend.put(...write),
    partBytes: { whole: 20, part: 10 },
  });
  const { requests } = server;
  try {
    return { requests, outcome: await copy("to", { ...call, source, ...options }) };
  } catch (error) {
    return { requests, error };
  } finally {
    await target.transport.close();
  }
}

function obedient({ method, url }: Received): Answer {
  if (method === "POST" && url.includes("uploads")) {
    return { body: "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>" };
  }
  if (method === "POST") {
    return { body: '<CompleteMultipartUploadResult><ETag>"c-3"</ETag></CompleteMultipartUploadResult>' };
  }
  if (method === "DELETE") return { status: 204 };
  const part = url.includes("partNumber");
  const name = part ? "CopyPartResult" : "CopyObjectResult";
  return { headers: { etag: '"w"' }, body: url.includes("x-id") || part ? `<${name}><ETag>"p"</ETag></${name}>` : "" };
}

describe("a copy", () => {
  it("is one request, of the object that was seen and no newer", async () => {
    const { requests, outcome } = await copying({ source: { ...source, size: 20 } });
    expect(outcome).toEqual({ etag: "p", version: undefined });
    expect(requests).toHaveLength(1);
    expect(requests[0]?.headers).toMatchObject({
      "x-amz-copy-source": "bucket/from/%C3%A4%20b",
      "x-amz-copy-source-if-match": '"s1"',
    });
  });

  it("of a long object goes in parts that cover it, with its type and metadata", async () => {
    const { requests, outcome } = await copying({});
    expect(outcome).toEqual({ etag: "c-3", version: undefined });
    expect(requests[0]?.headers).toMatchObject({
      "content-type": "x/y",
      "x-amz-meta-who": "=?UTF-8?B?Wm/Dqw==?=",
    });
    const parts = requests.filter(({ url }) => url.includes("partNumber"));
    expect(new Set(parts.map(({ headers }) => headers["x-amz-copy-source-range"]))).toEqual(
      new Set(["bytes=0-9", "bytes=10-19", "bytes=20-24"]),
    );
    expect(parts.every(({ headers }) => headers["x-amz-copy-source-if-match"] === '"s1"')).toBe(true);
    expect(requests.at(-1)?.headers["x-amz-mp-object-size"]).toBe("25");
  });

  it("in parts tells how far it is", async () => {
    const told: number[] = [];
    await copying({ onSent: (bytes) => told.push(bytes) });
    expect(told).toHaveLength(3);
    expect(told.toSorted((one, other) => one - other)).toEqual(told);
    expect(told.at(-1)).toBe(25);
  });

  it("with a condition is completed under it, also of a short object", async () => {
    const { requests } = await copying({ source: { ...source, size: 5 }, mode: "create" });
    expect(requests.map(({ method }) => method)).toEqual(["POST", "PUT", "POST"]);
    expect(requests[2]?.headers["if-none-match"]).toBe("*");
    expect(requests[1]?.headers["x-amz-copy-source-range"]).toBeUndefined();
  });

  it("of an empty object is a write of nothing", async () => {
    const { requests, outcome } = await copying({ source: { ...source, size: 0 }, mode: "create" });
    expect(outcome).toMatchObject({ etag: "w" });
    expect(requests).toHaveLength(1);
    expect(requests[0]?.headers).toMatchObject({ "if-none-match": "*", "content-type": "x/y", "content-length": "0" });
  });

  it("that finds its target there is already-exists, one whose source changed precondition-failed; neither leaves an upload", async () => {
    const refused = { status: 412, body: errorBody("PreconditionFailed") };
    const exists = await copying({ mode: "create" }, ({ method, url }) =>
      method === "POST" && url.includes("uploadId") ? refused : undefined,
    );
    expect(exists.error).toMatchObject({ code: "already-exists" });
    expect(exists.requests.at(-1)).toMatchObject({
      method: "DELETE",
      url: expect.stringContaining("uploadId=u") as string,
    });
    const changed = await copying({ mode: "create" }, ({ url }) =>
      url.includes("partNumber=2") ? refused : undefined,
    );
    expect(changed.error).toMatchObject({ code: "precondition-failed" });
    expect(changed.requests.at(-1)?.method).toBe("DELETE");
  });

  it.each([5, 25])("of %i bytes fails where the server says 200 with an error in the body", async (size) => {
    const { error } = await copying({ source: { ...source, size } }, ({ method }) =>
      method === "PUT" ? { body: errorBody("InternalError") } : undefined,
    );
    expect(error).toMatchObject({ code: "unavailable", retryable: true });
  });
});
