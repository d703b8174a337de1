import { openS3Store } from "@mortise/store-s3";
import { describe, expect, it } from "vitest";
import { allFaults } from "./faults/all.ts";
import { type Fault, inBursts, sometimes } from "./faults/fault.ts";
import type { Operation } from "./message.ts";
import { type S3Server, startS3Server } from "./server.ts";
import { runWorkload } from "./workload.ts";

const credentials = { accessKeyId: "AKIALOOPBACK", secretAccessKey: "loopback-secret" };

/** What no client can tell from the truth without a digest of its own. */
const needsDigest: ReadonlySet<string> = new Set(["flips-a-bit", "truncates-with-wrong-length"]);
/** What the probe finds, if it is there from the beginning: these begin after it. */
const lies: ReadonlySet<string> = new Set([
  "ignores-if-none-match",
  "ignores-if-match-on-put",
  "ignores-if-match-on-delete",
]);
/** Answered slowly, by time limits: fewer steps. */
const slow: ReadonlySet<string> = new Set(["stalls-in-body", "never-answers"]);

/** What the workload asks for: a fault of anything else would not be met. */
const reached: readonly Operation[] = [
  "PutObject",
  "GetObject",
  "HeadObject",
  "DeleteObject",
  "DeleteObjects",
  "CopyObject",
  "ListObjectsV2",
  "CreateMultipartUpload",
  "UploadPart",
  "CompleteMultipartUpload",
];

const staleListings: ReadonlySet<string> = new Set(["hides-new-keys", "lists-deleted-keys"]);

/** Parts may be as small as the workload's bodies. */
const startServer = async (): Promise<S3Server> => await startS3Server({ minPart: 1 });

const open = async (server: S3Server, fault?: Fault) =>
  await openS3Store({
    endpoint: server.origin,
    bucket: "lab",
    location: "here",
    credentials,
    // A fault that only a time limit ends costs that limit for each of its requests.
    timeoutMs: slow.has(fault?.name ?? "") ? 300 : 10_000,
    idleTimeoutMs: slow.has(fault?.name ?? "") ? 100 : 10_000,
    retry: { attempts: slow.has(fault?.name ?? "") ? 2 : 4, baseMs: 1, maxMs: 4, budget: 100_000 },
  });

/** The server's true objects by the store's keys. */
const truth = (server: S3Server) => (): ReadonlyMap<string, Uint8Array> =>
  new Map([...server.bucket.contents()].map(([name, body]) => [name.slice("here/".length), body]));

async function endure(server: S3Server, fault: Fault, seed: number, steps: number): Promise<readonly string[]> {
  server.misbehave(fault);
  await using store = await open(server, fault);
  const verify = needsDigest.has(fault.name);
  const options = { seed, steps, verify, staleListings: staleListings.has(fault.name), truth: truth(server) };
  const { violations } = await runWorkload(store, options);
  return violations;
}

describe.concurrent("a hostile S3 server", () => {
  it("is honest without faults, and the workload finds nothing", async () => {
    await using server = await startServer();
    await using store = await open(server);
    const report = await runWorkload(store, { seed: 1, steps: 300, truth: truth(server) });
    expect(report.violations).toEqual([]);
    expect(report.done).toBeGreaterThan(50);
    for (const operation of reached) expect(server.counts[operation], operation).toBeGreaterThan(5);
  });

  it("is found out by the workload when an acknowledged object disappears", async () => {
    await using server = await startServer();
    await using store = await open(server);
    const robbed = () => new Map([...truth(server)()].filter(([key]) => key.startsWith("work/")).slice(1));
    const report = await runWorkload(store, { seed: 1, steps: 300, truth: robbed });
    expect(report.violations.join()).toMatch(/is absent on the server/);
  });

  it.each(allFaults.map((fault) => [fault.name, fault] as const))(
    "loses and corrupts nothing: %s, always",
    async (_, fault) => {
      await using server = await startServer();
      expect(await endure(server, fault, 2, slow.has(fault.name) ? 5 : 50)).toEqual([]);
    },
  );

  it.each(allFaults.map((fault) => [fault.name, fault] as const))(
    "loses and corrupts nothing: %s, now and then",
    async (name, fault) => {
      await using server = await startServer();
      if (lies.has(name)) {
        // The probe believes the server, and what it found is kept.
        await using first = await open(server);
        await first.prepare?.();
      }
      await using store = await open(server, fault);
      server.misbehave(sometimes(0.25, 3, fault));
      const options = {
        seed: 3,
        steps: slow.has(name) ? 6 : 120,
        verify: needsDigest.has(name),
        staleListings: staleListings.has(name),
        truth: truth(server),
      };
      const { violations } = await runWorkload(store, options);
      // What no client can find out: a server that begins to ignore conditions after it was seen to honour them, and of
      // a bucket that was seen whether a HEAD's 404, which has no body, is of the object or of the bucket.
      const excused: Readonly<Record<string, RegExp>> = {
        "ignores-if-none-match": /wrote over/,
        "ignores-if-match-on-put": /wrote over/,
        "ignores-if-match-on-delete": /removed it/,
        "no-such-bucket": /absent was acknowledged|found nothing/,
      };
      const inexcusable = violations.filter((text) => excused[name]?.test(text) !== true);
      expect(inexcusable).toEqual([]);
    },
  );

  it.each(
    allFaults.filter(({ name }) => /^(?:503|429|500|resets)/.test(name)).map((fault) => [fault.name, fault] as const),
  )("gets through bursts of %s, so that callers see no error", async (_, fault) => {
    await using server = await startServer();
    await using store = await open(server);
    // Dozens of the probe's requests at once make bursts longer than four attempts.
    await store.prepare?.();
    server.misbehave(inBursts(3, 5, fault));
    const { errors } = await runWorkload(store, { seed: 4, steps: 200, truth: truth(server) });
    const answers = new Set(["not-found", "already-exists", "precondition-failed", "invalid-range"]);
    expect(Object.keys(errors).filter((code) => !answers.has(code))).toEqual([]);
  });
});
