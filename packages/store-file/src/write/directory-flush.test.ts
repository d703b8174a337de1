import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { createDirectoryFlush } from "./directory-flush.ts";

describe("flushing folders", () => {
  it("shares the next flush among all calls that come during one", async () => {
    await using folder = await temporaryFolder();
    const flusher = createDirectoryFlush();
    const first = flusher.flush(folder.path);
    const [second, third] = [flusher.flush(folder.path), flusher.flush(folder.path)];
    expect(second).toBe(third);
    expect(second).not.toBe(first);
    expect(new Set(await Promise.all([first, second, third])).size).toBe(1);
  });

  it("flushes again for a call that comes after the end", async () => {
    await using folder = await temporaryFolder();
    const flusher = createDirectoryFlush();
    const first = flusher.flush(folder.path);
    await first;
    await writeFile(join(folder.path, "a"), "");
    expect(flusher.flush(folder.path)).not.toBe(first);
    await flusher.flush(folder.path);
  });

  it("reports a folder that is gone to every caller, and works on", async () => {
    await using folder = await temporaryFolder();
    const flusher = createDirectoryFlush();
    const missing = join(folder.path, "missing");
    const outcomes = await Promise.allSettled([flusher.flush(missing), flusher.flush(missing)]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(["rejected", "rejected"]);
    await rm(missing, { force: true });
    await flusher.flush(folder.path);
  });
});
