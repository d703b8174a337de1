import { openS3Store } from "@mortise/store-s3";
import { describe, expect, it } from "vitest";
import { allFaults } from "./faults/all.ts";
import { type Fault, inBursts, sometimes } from "./faults/fault.ts";
import { type S3Server, startS3Server } from "./server.ts";
import { runWorkload } from "./workload.ts";

const credentials = { accessKeyId: "AKIALOOPBACK", secretAccessKey: "loopback-secret" };

const open = async (server: S3Server) =>
  await openS3Store({
    endpoint: server.origin,
    bucket: "lab",
    location: "here",
    credentials,
    timeoutMs: 2_000,
    idleTimeoutMs: 200,
    retry: { attempts: 4, baseMs: 1, maxMs: 4, budget: 100_000 },
  });

/** What no client can tell from the truth without a digest of its own. */
const needsDigest: ReadonlySet<string> = new Set(["flips-a-bit", "truncates-with-wrong-length"]);
/** Answered slowly, by time limits: fewer steps. */
const slow: ReadonlySet<string> = new Set(["stalls-in-body", "never-answers"]);

/** The server's true objects by the store's keys. */
const truth = (server: S3Server) => (): ReadonlyMap<string, Uint8Array> =>
  new Map([...server.bucket.contents()].map(([name, body]) => [name.slice("here/".length), body]));

async function endure(server: S3Server, fault: Fault, seed: number, steps: number): Promise<readonly string[]> {
  server.misbehave(fault);
  await using store = await open(server);
  const verify = needsDigest.has(fault.name);
  const { violations } = await runWorkload(store, { seed, steps, verify, truth: truth(server) });
  return violations;
}

describe.concurrent("a hostile S3 server", () => {
  it("is honest without faults, and the workload finds nothing", async () => {
    await using server = await startS3Server();
    await using store = await open(server);
    const report = await runWorkload(store, { seed: 1, steps: 300, truth: truth(server) });
    expect(report.violations).toEqual([]);
    expect(report.done).toBeGreaterThan(50);
  });

  it("is found out by the workload when an acknowledged object disappears", async () => {
    await using server = await startS3Server();
    await using store = await open(server);
    const robbed = () => new Map([...truth(server)()].filter(([key]) => key.startsWith("work/")).slice(1));
    const report = await runWorkload(store, { seed: 1, steps: 300, truth: robbed });
    expect(report.violations.join()).toMatch(/is absent on the server/);
  });

  it.each(allFaults.map((fault) => [fault.name, fault] as const))(
    "loses and corrupts nothing: %s, always",
    async (_, fault) => {
      await using server = await startS3Server();
      expect(await endure(server, fault, 2, slow.has(fault.name) ? 6 : 50)).toEqual([]);
    },
  );

  it.each(allFaults.map((fault) => [fault.name, fault] as const))(
    "loses and corrupts nothing: %s, now and then",
    async (name, fault) => {
      await using server = await startS3Server();
      // Written without faults first, so that the probe believes the server.
      await using store = await open(server);
      await store.prepare?.();
      server.misbehave(sometimes(0.25, 3, fault));
      const options = {
        seed: 3,
        steps: slow.has(name) ? 12 : 120,
        verify: needsDigest.has(name),
        truth: truth(server),
      };
      const { violations } = await runWorkload(store, options);
      // A server that begins to ignore conditions after it was seen to honour them can't be found out.
      const inexcusable = violations.filter(
        (text) => !(name.startsWith("ignores-if") && /wrote over|removed it/.test(text)),
      );
      expect(inexcusable).toEqual([]);
    },
  );

  it.each(
    allFaults.filter(({ name }) => /^(?:503|429|500|resets)/.test(name)).map((fault) => [fault.name, fault] as const),
  )("gets through bursts of %s, so that callers see no error", async (_, fault) => {
    await using server = await startS3Server();
    await using store = await open(server);
    await store.prepare?.();
    server.misbehave(inBursts(3, 5, fault));
    const { errors } = await runWorkload(store, { seed: 4, steps: 200, truth: truth(server) });
    const answers = new Set(["not-found", "already-exists", "precondition-failed", "invalid-range"]);
    expect(Object.keys(errors).filter((code) => !answers.has(code))).toEqual([]);
  });
});
