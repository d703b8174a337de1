import type { CloudObject } from "@mortise/store-kit/cloud";
import { describe, expect, it } from "vitest";
import type { Authorizer } from "../auth/contract.ts";
import { site, testBackend } from "../testing/backend.ts";
import type { SeenRequest } from "../testing/blob-server.ts";
import { refusal, startBlobServer } from "../testing/blob-server.ts";

const source: CloudObject = {
  name: "from",
  size: 5,
  etag: '"0x1"',
  lastModified: new Date(0),
  contentType: "text/plain",
};
const call = { site, mode: "create", source } as const;
const created = { status: 201, headers: { etag: '"0x2"' } };

const mib = 1024 * 1024;

describe("copies", () => {
  it("are one request that holds the source by its etag and reads it with a signature for it alone", async () => {
    await using server = await startBlobServer(() => ({ ...created, status: 202 }));
    const backend = testBackend(server.origin);
    expect(await backend.copy?.("to", call)).toMatchObject({ etag: '"0x2"' });
    expect(server.seen).toHaveLength(1);
    const { headers, url, method } = server.seen[0] as SeenRequest;
    expect([method, url]).toEqual(["PUT", "/lab1/raw/to"]);
    expect(headers).toMatchObject({
      "x-ms-requires-sync": "true",
      "x-ms-source-if-match": '"0x1"',
      "if-none-match": "*",
    });
    expect(headers["x-ms-copy-source"]).toMatch(/\/lab1\/raw\/from\?sv=.*sr=b&sp=r&sig=/);
    await backend.close();
  });

  it("above 256 MiB go in blocks, with the source's type and metadata", async () => {
    await using server = await startBlobServer(() => created);
    const backend = testBackend(server.origin);
    await backend.copy?.("to", { ...call, source: { ...source, size: 600 * mib, metadata: { subject: "042" } } });
    const ranges = server.seen
      .map(({ headers }) => headers["x-ms-source-range"])
      .filter((range) => range !== undefined);
    expect(new Set(ranges)).toEqual(
      new Set([
        `bytes=0-${256 * mib - 1}`,
        `bytes=${256 * mib}-${512 * mib - 1}`,
        `bytes=${512 * mib}-${600 * mib - 1}`,
      ]),
    );
    const committed = server.seen.at(-1);
    expect(committed?.url).toBe("/lab1/raw/to?comp=blocklist");
    expect(committed?.body.toString().match(/<Uncommitted>/g)).toHaveLength(3);
    expect(committed?.headers).toMatchObject({ "x-ms-blob-content-type": "text/plain", "x-ms-meta-subject": "042" });
    await backend.close();
  });

  it("in blocks prove anew for each that the source may be read: a token ends before a long copy does", async () => {
    let tokens = 0;
    const authorizer: Authorizer = {
      kind: "token",
      query: "",
      authorize: () => undefined,
      bearer: () => Promise.resolve(`t${++tokens}`),
    };
    await using server = await startBlobServer(() => created);
    const backend = testBackend(server.origin, {}, { authorizer });
    await backend.copy?.("to", { ...call, source: { ...source, size: 600 * mib } });
    const proofs = server.seen.flatMap(({ headers }) => headers["x-ms-copy-source-authorization"] ?? []);
    expect(new Set(proofs)).toEqual(new Set(["Bearer t1", "Bearer t2", "Bearer t3"]));
    await backend.close();
  });

  it.each([
    [refusal(409, "BlobAlreadyExists"), "already-exists"],
    [refusal(404, "BlobNotFound"), "not-found"],
    [refusal(403, "AuthorizationPermissionMismatch"), "permission-denied"],
  ])("answered %j are %s", async (answer, code) => {
    await using server = await startBlobServer(() => answer);
    const backend = testBackend(server.origin);
    await expect(backend.copy?.("to", call)).rejects.toMatchObject({ code });
    await backend.close();
  });

  it("of a source that changed are refused as such, in every mode", async () => {
    await using server = await startBlobServer(() => refusal(412, "SourceConditionNotMet"));
    const backend = testBackend(server.origin);
    for (const mode of ["create", "overwrite"] as const) {
      await expect(backend.copy?.("to", { ...call, mode })).rejects.toMatchObject({
        code: "precondition-failed",
        message: /source of the copy/,
      });
    }
    await backend.close();
  });

  it("that are created where the service does not say whose condition failed ask what is there", async () => {
    let there = true;
    await using server = await startBlobServer(({ method }) => {
      if (method === "PUT") return refusal(412, "ConditionNotMet");
      return there ? { status: 200, headers: { "content-length": "5" } } : refusal(404, "BlobNotFound");
    });
    const backend = testBackend(server.origin);
    await expect(backend.copy?.("to", call)).rejects.toMatchObject({ code: "already-exists" });
    there = false;
    await expect(backend.copy?.("to", call)).rejects.toMatchObject({ code: "precondition-failed" });
    await backend.close();
  });
});
