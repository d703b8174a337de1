import { spawnSync } from "node:child_process";
import { readdir, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { digest } from "@mortise/core";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { amongProcesses } from "./key-lock.ts";

const site = { operation: "put", store: "test" };
const path = "/store/a";
const lockName = `lock-${digest("sha256", new TextEncoder().encode(path)).slice(0, 32)}`;

describe("the lock of conditional writes", () => {
  it("lets one caller in at a time and leaves nothing", async () => {
    await using folder = await temporaryFolder();
    const state = { inside: 0, most: 0 };
    const work = async (): Promise<void> => {
      state.most = Math.max(state.most, ++state.inside);
      await new Promise((resolve) => setTimeout(resolve, 1));
      state.inside--;
    };
    await Promise.all(Array.from({ length: 20 }, () => amongProcesses(site, folder.path, path, undefined, work)));
    expect(state.most).toBe(1);
    expect(await readdir(folder.path)).toEqual([]);
  });

  it("takes over the lock of a process that is gone", async () => {
    await using folder = await temporaryFolder();
    const { pid } = spawnSync(process.execPath, ["--version"]);
    await writeFile(join(folder.path, lockName), `${hostname()} ${pid}`);
    expect(await amongProcesses(site, folder.path, path, undefined, async () => "in")).toBe("in");
    expect(await readdir(folder.path)).toEqual([]);
  });

  it("waits for the lock of a process that lives, until its signal aborts", async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, lockName), `${hostname()} ${process.pid}`);
    const signal = AbortSignal.timeout(40);
    await expect(amongProcesses(site, folder.path, path, signal, async () => "in")).rejects.toThrow();
    expect(await readdir(folder.path)).toEqual([lockName]);
  });

  it("never takes over the lock of another host", async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, lockName), "another-host 1");
    const signal = AbortSignal.timeout(40);
    await expect(amongProcesses(site, folder.path, path, signal, async () => "in")).rejects.toThrow();
    expect(await readdir(folder.path)).toEqual([lockName]);
  });
});
