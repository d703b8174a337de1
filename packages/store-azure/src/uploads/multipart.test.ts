import type { PutMode } from "@mortise/core";
import { digest } from "@mortise/core";
import { describe, expect, it } from "vitest";
import { site, testBackend } from "../testing/backend.ts";
import type { Answer, SeenRequest } from "../testing/blob-server.ts";
import { refusal, startBlobServer } from "../testing/blob-server.ts";
import { blockId } from "./upload-id.ts";

const call = { site };
const write = { ...call, mode: "create" } as const;

/** Keeps the blocks of one blob and commits them, as the service does. */
function blockServer() {
  const blocks = new Map<string, number>();
  const other = Buffer.from("another program's block").toString("base64");
  const answer = ({ method, url, body }: SeenRequest): Answer => {
    const query = new URL(url, "http://localhost").searchParams;
    if (method === "PUT" && query.get("comp") === "block") {
      blocks.set(query.get("blockid") ?? "", body.byteLength);
      return { status: 201 };
    }
    if (method === "PUT") {
      const named = [...body.toString().matchAll(/<Uncommitted>([^<]+)/g)].map(([, block]) => block ?? "");
      if (named.some((block) => !blocks.has(block))) return refusal(400, "InvalidBlockList");
      blocks.clear();
      return { status: 201, headers: { etag: '"0x1"' } };
    }
    if (method === "HEAD") return { status: 200, headers: { etag: '"0x1"', "content-length": "8" } };
    const list = [...blocks, [other, 3] as const].map(
      ([name, size]) => `<Block><Name>${name}</Name><Size>${size}</Size></Block>`,
    );
    return {
      status: 200,
      headers: { "content-type": "application/xml" },
      body: `<?xml version="1.0" encoding="utf-8"?><BlockList><UncommittedBlocks>${list.join("")}</UncommittedBlocks></BlockList>`,
    };
  };
  return { blocks, answer };
}

describe("uploads in blocks", () => {
  it("are known by their blocks until they are committed", async () => {
    const { answer, blocks } = blockServer();
    await using server = await startBlobServer(answer);
    const backend = testBackend(server.origin);
    const { multipart } = backend;
    const id = await multipart.start("a", write);
    expect(await multipart.parts("a", id, call)).toEqual([]);
    const second = await multipart.uploadPart("a", id, { number: 2, offset: 5, body: new Uint8Array(3) }, call);
    const first = await multipart.uploadPart("a", id, { number: 1, offset: 0, body: new Uint8Array(5) }, call);
    expect(await multipart.parts("a", id, call)).toMatchObject([first, second]);
    await multipart.complete("a", id, [first, second], {
      ...write,
      size: 8,
      contentType: "text/plain",
      expect: { md5: "00".repeat(16) },
    });
    expect(server.seen.at(-1)?.headers).toMatchObject({
      "if-none-match": "*",
      "x-ms-blob-content-type": "text/plain",
      "x-ms-blob-content-md5": `${"A".repeat(22)}==`,
    });
    expect(blocks.size).toBe(0);
    await expect(multipart.parts("a", id, call)).rejects.toMatchObject({ code: "not-found" });
    const again = (mode: PutMode) => multipart.complete("a", id, [first], { ...write, mode, size: 5 });
    await expect(again("overwrite")).rejects.toMatchObject({ code: "not-found", hint: /completed or aborted/ });
    await expect(again("create")).rejects.toMatchObject({ code: "already-exists" });
    await expect(again({ ifMatch: '"0x0"' })).rejects.toMatchObject({ code: "precondition-failed" });
    await backend.close();
  });

  it("that are aborted are unknown afterwards, and aborting twice is harmless", async () => {
    const { answer } = blockServer();
    await using server = await startBlobServer(answer);
    const backend = testBackend(server.origin);
    const { multipart } = backend;
    const id = await multipart.start("a", write);
    await multipart.abort("a", id, call);
    await multipart.abort("a", id, call);
    await expect(multipart.parts("a", id, call)).rejects.toMatchObject({ code: "not-found" });
    await expect(multipart.complete("a", id, [], { ...call, mode: "overwrite", size: 0 })).rejects.toMatchObject({
      code: "not-found",
    });
    await backend.close();
  });

  it("that lack a part, or whose parts are not as long as was promised, are not committed", async () => {
    const { answer, blocks } = blockServer();
    await using server = await startBlobServer(answer);
    const backend = testBackend(server.origin);
    const { multipart } = backend;
    const id = await multipart.start("a", write);
    const part = await multipart.uploadPart("a", id, { number: 1, offset: 0, body: new Uint8Array(5) }, call);
    const missing = { number: 2, size: 5, token: blockId(id, 2) };
    await expect(multipart.complete("a", id, [part, missing], { ...write, size: 10 })).rejects.toMatchObject({
      code: "not-found",
      message: /part 2/,
    });
    await expect(multipart.complete("a", id, [part], { ...write, size: 6 })).rejects.toMatchObject({
      code: "checksum-mismatch",
    });
    expect(blocks.size).toBe(2);
    await backend.close();
  });

  it("tell the MD5 of each part to another process, so that no other source is mixed in", async () => {
    const { answer } = blockServer();
    await using server = await startBlobServer(answer);
    const [backend, other] = [testBackend(server.origin), testBackend(server.origin)];
    const id = await backend.multipart.start("a", write);
    const send = (body: Uint8Array) => backend.multipart.uploadPart("a", id, { number: 1, offset: 0, body }, call);
    await send(new Uint8Array([1]));
    await send(new Uint8Array([1]));
    const [found] = await other.multipart.parts("a", id, call);
    expect(found?.md5).toBe(digest("md5", new Uint8Array([1])));
    const last = await send(new Uint8Array([2]));
    await expect(other.multipart.parts("a", id, call)).rejects.toMatchObject({ code: "unsupported" });
    await backend.multipart.complete("a", id, [last], { ...write, size: 1 });
    expect(server.seen.at(-1)?.body.toString()).toContain(`<Uncommitted>${last.token}</Uncommitted>`);
    await Promise.all([backend.close(), other.close()]);
  });

  it("may have empty parts, which are no blocks", async () => {
    const { answer } = blockServer();
    await using server = await startBlobServer(answer);
    const backend = testBackend(server.origin);
    const { multipart } = backend;
    const id = await multipart.start("a", write);
    const part = await multipart.uploadPart("a", id, { number: 1, offset: 0, body: new Uint8Array(0) }, call);
    await multipart.complete("a", id, [part], { ...write, size: 0 });
    expect(server.seen.at(-1)?.body.toString()).toMatch(/<BlockList><\/BlockList>$/);
    await backend.close();
  });
});
