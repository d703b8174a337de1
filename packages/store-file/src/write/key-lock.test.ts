import { spawnSync } from "node:child_process";
import { readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { digest } from "@mortise/core";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { amongProcesses } from "./key-lock.ts";
import { take } from "./lock-file.ts";

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

  it.each(["", "some-ho"])("takes over a lock that a crash has cut off after %j, once it is old", async (content) => {
    await using folder = await temporaryFolder();
    const lock = join(folder.path, lockName);
    await writeFile(lock, content);
    const soon = amongProcesses(site, folder.path, path, AbortSignal.timeout(40), async () => "in");
    await expect(soon).rejects.toThrow();
    await age(lock);
    expect(await amongProcesses(site, folder.path, path, undefined, async () => "in")).toBe("in");
    expect(await readdir(folder.path)).toEqual([]);
  });

  it.each(["", "dead"])("takes over although a process was killed while it did so (its lock: %j)", async (content) => {
    await using folder = await temporaryFolder();
    const { pid } = spawnSync(process.execPath, ["--version"]);
    const holder = `${hostname()} ${pid}`;
    const removal = join(folder.path, `${lockName}-removal`);
    await writeFile(join(folder.path, lockName), holder);
    await writeFile(removal, content === "" ? content : holder);
    await age(removal);
    expect(await amongProcesses(site, folder.path, path, undefined, async () => "in")).toBe("in");
    expect(await readdir(folder.path)).toEqual([]);
  });

  it("names its holder from the first moment on", async () => {
    await using folder = await temporaryFolder();
    const lock = join(folder.path, lockName);
    const state = { done: false };
    const seen = new Set<string>();
    const watching = (async () => {
      while (!state.done) seen.add(await readFile(lock, "utf8").catch(() => "absent"));
    })();
    for (let round = 0; round < 200; round += 1) {
      await amongProcesses(site, folder.path, path, undefined, async () => undefined);
    }
    state.done = true;
    await watching;
    seen.delete("absent");
    expect([...seen].filter((content) => content !== `${hostname()} ${process.pid}`)).toEqual([]);
  });

  it("locks where there are no hard links", async () => {
    await using folder = await temporaryFolder();
    const lock = join(folder.path, lockName);
    expect(await take(lock, noLink)).toBe(true);
    expect(await take(lock, noLink)).toBe(false);
    expect(await readFile(lock, "utf8")).toBe(`${hostname()} ${process.pid}`);
    expect(await readdir(folder.path)).toEqual([lockName]);
  });
});

async function age(file: string): Promise<void> {
  const minuteAgo = new Date(Date.now() - 60_000);
  await utimes(file, minuteAgo, minuteAgo);
}

async function noLink(): Promise<void> {
  throw await Promise.resolve(Object.assign(new Error("EPERM: operation not permitted, link"), { code: "EPERM" }));
}
