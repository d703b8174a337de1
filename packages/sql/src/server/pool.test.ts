import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Pool } from "./pool.ts";
import { FakeServer, unreachable } from "./testing/fake-server.ts";

const second = 1000;
const wait = { timeoutMs: 60 * second };

function open(size = 3) {
  const server = new FakeServer();
  const { driver } = server;
  return { server, pool: new Pool({ name: "data", size, connect: (signal) => driver.connect(signal) }) };
}

/** Takes that many at once and gives all of them back. */
async function use(pool: Pool, count: number): Promise<void> {
  const leases = await Promise.all(Array.from({ length: count }, () => pool.take(wait)));
  for (const lease of leases) lease.end(true);
}

describe("a pool", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "setTimeout", "clearTimeout", "performance"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("closes what was idle for a minute, and keeps what is used", async () => {
    const { server, pool } = open();
    await use(pool, 3);
    for (let passed = 0; passed < 90; passed += 3) {
      vi.advanceTimersByTime(3 * second);
      await use(pool, 1);
    }
    expect(server.open).toHaveLength(1);
    vi.advanceTimersByTime(90 * second);
    expect([server.open.length, server.connections.length, vi.getTimerCount()]).toEqual([0, 3, 0]);
  });

  it("asks for a sign of life after five seconds, not before", async () => {
    const { server, pool } = open();
    await use(pool, 1);
    vi.advanceTimersByTime(4 * second);
    await use(pool, 1);
    expect(server.log).toEqual([]);
    vi.advanceTimersByTime(6 * second);
    await use(pool, 1);
    expect(server.log).toEqual(["c1: SELECT 1"]);
  });

  it("replaces one that gives none", async () => {
    const { server, pool } = open();
    await use(pool, 1);
    vi.advanceTimersByTime(6 * second);
    server.plan(/SELECT 1/, "hang");
    const taking = pool.take(wait);
    await vi.waitUntil(() => server.log.length === 1);
    vi.advanceTimersByTime(6 * second);
    const lease = await taking;
    expect([lease.connection.id, server.open.length]).toEqual(["c2", 1]);
    lease.end(true);
  });

  it("gives back a place once, however often a lease ends", async () => {
    const { server, pool } = open(1);
    const lease = await pool.take(wait);
    lease.end(true);
    lease.end(false);
    expect(server.open).toHaveLength(1);
    const next = await pool.take(wait);
    await expect(pool.take({ signal: AbortSignal.abort(new Error("enough")), timeoutMs: 1 })).rejects.toThrow("enough");
    next.end(true);
  });

  it("does not keep what may not be used again", async () => {
    const { server, pool } = open();
    (await pool.take(wait)).end(false);
    const inTransaction = await pool.take(wait);
    await inTransaction.connection.execute({ text: "BEGIN", values: [] }, {});
    inTransaction.end(true);
    expect([server.connections.length, server.open.length]).toEqual([2, 0]);
  });

  it("has a place again after a connection that could not be made", async () => {
    const { server, pool } = open(1);
    server.refusals.push(unreachable());
    await expect(pool.take(wait)).rejects.toMatchObject({ code: "unreachable" });
    (await pool.take(wait)).end(true);
  });
});
