import type { MinimalStore, ObjectKey } from "@mortise/core";
import { compareKeys, isStoreError, parseKey } from "@mortise/core";
import { storeError } from "@mortise/store-kit";
import { narrowCapabilities, parseProbeReport, probeStore } from "@mortise/store-kit/probe";
import { describe, expect, it } from "vitest";
import { createMemoryContent } from "../memory/content.ts";
import { createMemoryStore, createMinimalMemoryStore, memoryCapabilities } from "../memory/memory-store.ts";
import { whole } from "./break.ts";
import type { Change } from "./lies.ts";
import { lies } from "./lies.ts";
import { createSignedStore } from "./signed-store.ts";

const site = { operation: "test", store: "memory" };

/** A minimal memory store that lies, and what it holds. */
function lying(change: Change) {
  const content = createMemoryContent();
  const good = createMinimalMemoryStore({ content });
  const store: MinimalStore = { ...good, ...change(good) };
  return { content, store };
}
describe("the probe of a store", () => {
  it("finds nothing wrong with an honest one, and leaves nothing", async () => {
    const content = createMemoryContent();
    const report = await probeStore(createMinimalMemoryStore({ content }));
    expect(report.findings).toEqual([]);
    expect(narrowCapabilities(memoryCapabilities, report.capabilities)).toEqual(memoryCapabilities);
    expect([content.objects.size, content.uploads.size]).toEqual([0, 0]);
  });

  it("works on a whole store, and on one that can do least", async () => {
    const least = { putModes: new Set<never>(), conditionalDelete: false, checksums: new Set<never>(), ranges: false };
    for (const capabilities of [{}, { ...least, serverSideCopy: false }]) {
      const store = createMemoryStore({
        capabilities,
        ...(capabilities === least ? { multipart: false as const } : {}),
      });
      const report = await probeStore(store);
      expect(report.findings).toEqual([]);
      expect(narrowCapabilities(store.capabilities, report.capabilities)).toEqual(store.capabilities);
    }
  });

  it.each(lies)("finds %s, says what it saw, and leaves nothing", async (id, change) => {
    const { content, store } = lying(change);
    const { findings } = await probeStore(store);
    expect(findings.map((finding) => finding.id)).toContain(id);
    expect(findings.every(({ lie, evidence }) => lie.length > 10 && evidence.length > 10)).toBe(true);
    expect([...content.objects.keys(), ...content.uploads.keys()]).toEqual([]);
  });

  it.each([
    ["create-multipart", { putModes: new Set(["ifMatch"]) }],
    ["if-match-put", { putModes: new Set(["create"]) }],
    ["etag-constant", { putModes: new Set(["create"]), conditionalDelete: false }],
    ["if-match-delete", { conditionalDelete: false }],
    ["create-put-race", { putModes: new Set(["ifMatch"]) }],
    ["if-match-put-race", { putModes: new Set(["create"]) }],
    ["if-match-delete-race", { conditionalDelete: false }],
    ["range", { ranges: false }],
    ["checksum-md5", { checksums: new Set(["sha256", "crc32c"]) }],
    ["create-copy", {}],
  ])("takes away what %s shows to be missing, and nothing else", async (id, missing) => {
    const { store } = lying(new Map(lies).get(id) ?? (() => ({})));
    const { capabilities } = await probeStore(store);
    expect(narrowCapabilities(store.capabilities, capabilities)).toEqual({ ...memoryCapabilities, ...missing });
  });

  it("calls a store fatal that changes bodies, and only that", async () => {
    for (const [id, change] of lies) {
      const { findings } = await probeStore(lying(change).store);
      expect(findings.some(({ fatal }) => fatal === true)).toBe(id === "body" || id === "body-parts");
    }
  });

  it("sees validators that are made of the content, and does not call them a lie", async () => {
    const { store } = lying((good) => ({
      put: async (key, body, options) => {
        const bytes = await whole(body);
        const present = await good.get(key).then(
          (result) => result.bytes(),
          () => undefined,
        );
        const same = present !== undefined && Buffer.compare(present, bytes) === 0 && options?.mode === undefined;
        const { etag } = same ? await good.head(key) : await good.put(key, bytes, options);
        return { size: bytes.byteLength, etag, checksums: {} };
      },
    }));
    const { capabilities, findings } = await probeStore(store);
    expect([capabilities.etagChanges, capabilities.etagChangesForSameBytes, findings]).toEqual([true, false, []]);
  });

  it("says that a store can't be trusted which does not delete", async () => {
    const { store } = lying(() => ({ delete: async () => "deleted" as const }));
    const { findings } = await probeStore(store);
    expect(findings.find(({ id }) => id === "delete-seen")?.fatal).toBe(true);
  });

  it("waits for a signed deletion to expire only when asked, and finds a server that carries it out", async () => {
    const honest = await probeStore(createMemoryStore(), { presignExpiry: true });
    expect(honest.findings).toEqual([]);
    await using store = createSignedStore(createMemoryContent(), "any-time");
    const { findings } = await probeStore(store, { presignExpiry: true });
    expect(findings.map(({ id }) => id)).toEqual(["presign-expired"]);
  });

  it("fails with the store's own error where it is denied something, and says what it needs", async () => {
    const denied = (operation: string) => Promise.reject(storeError(site, "permission-denied", operation));
    for (const change of [
      { put: () => denied("put") },
      { head: () => denied("head") },
      { delete: () => denied("delete") },
    ]) {
      const { store } = lying(() => change);
      await expect(probeStore(store)).rejects.toMatchObject({ code: "permission-denied", hint: /mortise-probe/ });
    }
  });

  it("fails where the server does, removes what it wrote, and takes nothing for proved", async () => {
    let writes = 0;
    const { content, store } = lying((good) => ({
      put: async (key, body, options) => {
        if (++writes > 9) throw storeError(site, "unavailable", "HTTP 503");
        return await good.put(key, body, options);
      },
    }));
    await expect(probeStore(store)).rejects.toMatchObject({ code: "unavailable", retryable: true });
    expect(content.objects.size).toBe(0);
  });

  it("stays below the prefix it is given, and refuses one that is none", async () => {
    const written: ObjectKey[] = [];
    const { store } = lying((good) => ({
      put: (key, body, options) => {
        written.push(key);
        return good.put(key, body, options);
      },
    }));
    await probeStore(store, { prefix: "lab/probe/" });
    expect(written.every((key) => key.startsWith("lab/probe/"))).toBe(true);
    expect([...written].sort(compareKeys)).not.toContain(parseKey("lab/probe/x"));
    for (const prefix of ["lab", "../", "/"]) {
      const error: unknown = await probeStore(store, { prefix }).catch((thrown: unknown) => thrown);
      expect(isStoreError(error, "invalid-key")).toBe(true);
    }
  });

  it("gives a report that can be kept as JSON, and reads back no other", async () => {
    const report = await probeStore(createMinimalMemoryStore());
    const kept: unknown = JSON.parse(JSON.stringify(report));
    expect(parseProbeReport(kept)).toEqual(kept);
    const damaged = [
      undefined,
      null,
      [],
      "text",
      {},
      { ...report, formatVersion: 2 },
      { ...report, probedAt: "today" },
    ];
    for (const each of [...damaged, { ...report, capabilities: {} }, { ...report, findings: [{}] }]) {
      expect(parseProbeReport(each)).toBeUndefined();
    }
  });
});
