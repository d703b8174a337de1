import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { isMortiseError } from "@mortise/core";
import { describe, expect, it } from "vitest";
import { loadVectors } from "./fixtures/vectors.ts";
import { unpack } from "./unpack.ts";

const { entries } = loadVectors();

function readOrRefuse(data: Uint8Array, words: 32 | 64): void {
  try {
    unpack(data, { words, mapping: "exact" });
  } catch (error) {
    if (!isMortiseError(error)) throw error;
  }
}

describe("damaged blobs", () => {
  const small = entries.filter((entry) => entry.bytes <= 400);

  it("give a value or a CodecError after any truncation", { timeout: 60_000 }, () => {
    for (const { data, dims } of small) {
      for (let end = 0; end < data.length; end++) readOrRefuse(data.subarray(0, end), dims);
    }
  });

  it("give a value or a CodecError after a change of any byte", { timeout: 60_000 }, () => {
    for (const { data, dims } of small) {
      const copy = data.slice();
      for (let i = 0; i < copy.length; i++) {
        for (const flip of [0x01, 0x80, 0xff]) {
          copy[i] = (data[i] as number) ^ flip;
          readOrRefuse(copy, dims);
        }
        copy[i] = data[i] as number;
      }
    }
  });

  it("all together take less than 100 MiB of memory, loading the vectors not counted", { timeout: 60_000 }, () => {
    const script = fileURLToPath(new URL("./fixtures/refuse-all.ts", import.meta.url));
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--max-old-space-size=100", script], {
      encoding: "utf8",
    });
    expect(status, stderr).toBe(0);
    const { refused, megabytes } = JSON.parse(stdout) as { refused: number; megabytes: number };
    expect(refused).toBe(192);
    expect(megabytes).toBeLessThan(100);
  });
});
