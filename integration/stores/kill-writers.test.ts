import { describe, expect } from "vitest";
import { killWriters } from "../crash/kill-writers.ts";
import { itNeeds } from "../support/machine.ts";
import { dockerEngine } from "./servers/engine.ts";
import { startMinio } from "./servers/minio.ts";

const engine = await dockerEngine();

describe("a writer to a bucket that is killed at random moments", () => {
  itNeeds(engine, "leaves no row without its object, and no object that nobody names", async () => {
    await using server = await startMinio();
    const report = await killWriters({ kills: 12, bucket: await server.createPlace() });
    expect(report.violations).toEqual([]);
    expect(report.kills).toBe(12);
    expect(report.rows).toBeGreaterThan(8);
  });
});
