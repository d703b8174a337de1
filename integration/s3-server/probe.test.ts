import { type ObjectStore, parseKey } from "@mortise/core";
import { probeStore } from "@mortise/store-kit/probe";
import { openS3Store } from "@mortise/store-s3";
import { describe, expect, it } from "vitest";
import { flipsABit, wrongRange } from "./faults/bodies.ts";
import * as conditions from "./faults/conditions.ts";
import { hidesNewKeys, unorderedLists } from "./faults/listings.ts";
import { type S3Server, startS3Server } from "./server.ts";

const signer = { accessKey: "AKIALOOPBACK", secretKey: "loopback-secret" };

const open = async (server: S3Server, probe: boolean): Promise<ObjectStore> =>
  await openS3Store({
    endpoint: server.origin,
    bucket: "lab",
    credentials: { accessKeyId: signer.accessKey, secretAccessKey: signer.secretKey },
    retry: { attempts: 2, baseMs: 1, maxMs: 2 },
    probe,
  });

const lies = [
  [conditions.ignoresIfNoneMatch, ["create-put", "create-multipart", "create-copy"]],
  [conditions.ignoresIfMatchOnPut, ["if-match-put", "if-match-multipart", "if-match-copy"]],
  [conditions.ignoresIfMatchOnDelete, ["if-match-delete"]],
  [conditions.neverChangesEtags, ["etag-constant"]],
  [conditions.ignoresPresignedExpiry, ["presign-expired"]],
  [flipsABit, ["body"]],
  [hidesNewKeys, ["list-stale"]],
] as const;

describe.concurrent("the probe of a store on a hostile server", () => {
  it("finds nothing on an honest one", async () => {
    await using server = await startS3Server({ credentials: signer });
    await using store = await open(server, false);
    expect((await probeStore(store, { presignExpiry: true })).findings).toEqual([]);
  });

  it.each(lies.map(([fault, ids]) => [fault.name, fault, ids] as const))("names the lie: %s", async (_, fault, ids) => {
    await using server = await startS3Server({ credentials: signer });
    server.misbehave(fault);
    await using store = await open(server, false);
    const { findings } = await probeStore(store, { presignExpiry: fault === conditions.ignoresPresignedExpiry });
    expect(findings.map(({ id }) => id)).toEqual(expect.arrayContaining([...ids]));
  });

  it.each([
    ["ignores-if-none-match", conditions.ignoresIfNoneMatch, "create"],
    ["ignores-if-match-on-put", conditions.ignoresIfMatchOnPut, "ifMatch"],
  ] as const)("takes the put mode away that the server ignores: %s", async (_, fault, mode) => {
    await using server = await startS3Server({ credentials: signer });
    server.misbehave(fault);
    await using store = await open(server, true);
    await store.prepare?.();
    expect(store.capabilities.putModes.has(mode)).toBe(false);
    const key = parseKey("kept");
    const { etag = "" } = await store.put(key, new Uint8Array([1]));
    const asked = mode === "create" ? mode : { ifMatch: `"${"f".repeat(32)}"` };
    await expect(store.put(key, new Uint8Array([2]), { mode: asked })).rejects.toMatchObject({ code: "unsupported" });
    expect((await store.head(key)).etag).toBe(etag);
  });

  it("compares the validator of what is read itself where the server ignores it", async () => {
    await using server = await startS3Server({ credentials: signer });
    server.misbehave(conditions.ignoresIfMatchOnGet);
    await using store = await open(server, false);
    const key = parseKey("read");
    await store.put(key, new Uint8Array([1]));
    const stale = store.get(key, { ifMatch: `"${"f".repeat(32)}"` });
    await expect(stale).rejects.toMatchObject({ code: "precondition-failed" });
  });

  it("takes the conditional delete away that the server ignores", async () => {
    await using server = await startS3Server({ credentials: signer });
    server.misbehave(conditions.ignoresIfMatchOnDelete);
    await using store = await open(server, true);
    await store.prepare?.();
    expect(store.capabilities.conditionalDelete).toBe(false);
  });

  it.each([wrongRange, unorderedLists].map((fault) => [fault.name, fault] as const))(
    "names or refuses: %s",
    async (_, fault) => {
      await using server = await startS3Server({ credentials: signer });
      server.misbehave(fault);
      await using store = await open(server, false);
      const outcome = await probeStore(store).then(
        ({ findings }) => findings.map(({ id }) => id),
        (error: unknown) => [(error as { readonly code: string }).code],
      );
      expect(["range", "list-order", "protocol"]).toContain(outcome[0]);
    },
  );
});
