import { describe, expect, it } from "vitest";
import { errorBody, scriptedServer } from "../testing/server.ts";
import { backendOn, call, targetOn } from "../testing/target.ts";

const head = { etag: '"e1"', "last-modified": "Fri, 24 May 2013 00:00:00 GMT" };

describe("get", () => {
  it("answers what the server says of the object, and its bytes untouched", async () => {
    const headers = {
      ...head,
      "content-type": "text/plain",
      "content-encoding": "gzip",
      "x-amz-meta-who": "=?UTF-8?B?Wm/Dqw==?=",
      "x-amz-version-id": "v7",
    };
    await using server = await scriptedServer(() => ({ headers, body: "not gzip at all" }));
    const backend = backendOn(targetOn(server.endpoint));
    const { object, bytes, range } = await backend.get("a", call);
    expect(object).toEqual({
      name: "a",
      size: 15,
      lastModified: new Date("2013-05-24T00:00:00Z"),
      etag: "e1",
      version: "v7",
      contentType: "text/plain",
      metadata: { who: "Zoë" },
    });
    expect(new TextDecoder().decode(bytes)).toBe("not gzip at all");
    expect(range).toEqual({ offset: 0, length: 15 });
    await backend.close();
  });

  it("says which bytes come, by what the server says and not by what was asked", async () => {
    await using server = await scriptedServer(({ headers }) =>
      headers.range === "bytes=2-4"
        ? { status: 206, headers: { ...head, "content-range": "bytes 2-4/10" }, body: "234" }
        : { headers: head, body: "0123456789" },
    );
    const backend = backendOn(targetOn(server.endpoint));
    const partial = await backend.get("a", { ...call, range: { offset: 2, length: 3 } });
    expect([partial.range, partial.object.size]).toEqual([{ offset: 2, length: 3 }, 10]);
    const whole = await backend.get("a", { ...call, range: { offset: 2 } });
    expect(whole.range).toEqual({ offset: 0, length: 10 });
    await backend.close();
  });

  it.each([
    ["206 of no bytes", { status: 206, headers: { ...head, "content-range": "bytes 0--1/0" } }, "protocol"],
    ["206 without a range", { status: 206, headers: head, body: "x" }, "protocol"],
    ["the whole of an empty object", { headers: head }, "invalid-range"],
  ])("never takes %s for the range that was asked", async (_what, answer, code) => {
    await using server = await scriptedServer(() => answer);
    const backend = backendOn(targetOn(server.endpoint));
    await expect(backend.get("a", { ...call, range: { offset: 0, length: 5 } })).rejects.toMatchObject({ code });
    await backend.close();
  });

  it("takes a body of untold length only where its end is marked: the other may be half of it", async () => {
    await using server = await scriptedServer(({ url }) => ({
      headers: head,
      body: "0123456789",
      framing: url.endsWith("/marked") ? "chunked" : "close",
    }));
    const backend = backendOn(targetOn(server.endpoint));
    expect((await backend.get("marked", call)).object.size).toBe(10);
    await expect(backend.get("unmarked", call)).rejects.toMatchObject({ code: "protocol" });
    await backend.close();
  });

  it("sends the ETag quoted, and reads a refusal", async () => {
    await using server = await scriptedServer(() => ({ status: 412 }));
    const backend = backendOn(targetOn(server.endpoint));
    await expect(backend.get("a", { ...call, ifMatch: "e1" })).rejects.toMatchObject({ code: "precondition-failed" });
    expect(server.requests[0]?.headers["if-match"]).toBe('"e1"');
    await backend.close();
  });
});

describe("head", () => {
  it("asks GET for the reason of a refusal, which HEAD can't carry", async () => {
    const refused = { status: 403, body: errorBody("SignatureDoesNotMatch") };
    await using server = await scriptedServer(() => refused);
    const backend = backendOn(targetOn(server.endpoint));
    await expect(backend.head("a", call)).rejects.toMatchObject({ code: "unauthenticated", hint: /secret_key/ });
    expect(server.requests.map(({ method }) => method)).toEqual(["HEAD", "GET"]);
    await backend.close();
  });

  it("takes no missing bucket for a missing object", async () => {
    await using server = await scriptedServer(() => ({ status: 404, body: errorBody("NoSuchBucket") }));
    const backend = backendOn(targetOn(server.endpoint));
    await expect(backend.head("a", call)).rejects.toMatchObject({ code: "invalid-config", message: /"bucket"/ });
    await expect(backend.delete("a", { ...call, ifMatch: "e" })).rejects.toMatchObject({ code: "invalid-config" });
    await backend.close();
  });

  it("asks for the reason of a missing object only until the bucket is known", async () => {
    await using server = await scriptedServer(() => ({ status: 404, body: errorBody("NoSuchKey") }));
    const backend = backendOn(targetOn(server.endpoint));
    for (const name of ["a", "b"]) await expect(backend.head(name, call)).rejects.toMatchObject({ code: "not-found" });
    expect(server.requests.map(({ method }) => method)).toEqual(["HEAD", "GET", "HEAD"]);
    await backend.close();
    await using full = await scriptedServer(({ url }) => (url.endsWith("/a") ? { headers: head } : { status: 404 }));
    const known = backendOn(targetOn(full.endpoint));
    await known.head("a", call);
    await expect(known.head("b", call)).rejects.toMatchObject({ code: "not-found" });
    expect(full.requests).toHaveLength(2);
    await known.close();
  });
});
