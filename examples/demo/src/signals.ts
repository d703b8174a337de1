// Signals for a demo without a folder: sines with noise that is the same in every run, as `.npy` files, text files and
// one Zarr folder.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeNpy } from "./npy.ts";

/** A small linear congruential generator: the demo should print the same figures everywhere. */
function noise(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
}

function signal(samples: number, channels: number, seed: number): Float32Array {
  const random = noise(seed);
  return Float32Array.from(
    { length: samples * channels },
    (_, index) => Math.sin((index / channels) * 0.01 * ((index % channels) + 1)) + 0.1 * random(),
  );
}

async function writeZarr(folder: string): Promise<void> {
  const chunk = signal(256, 64, 7);
  await mkdir(join(folder, "scan"), { recursive: true });
  await writeFile(join(folder, ".zgroup"), JSON.stringify({ zarr_format: 2 }));
  const array = {
    chunks: [256, 64],
    compressor: null,
    dtype: "<f4",
    fill_value: 0,
    filters: null,
    order: "C",
    shape: [1024, 64],
    zarr_format: 2,
  };
  await writeFile(join(folder, "scan", ".zarray"), JSON.stringify(array));
  for (let index = 0; index < 4; index++) {
    const shifted = chunk.map((value) => value + index);
    await writeFile(join(folder, "scan", `${index}.0`), new Uint8Array(shifted.buffer));
  }
}

/** Fills a folder as a lab would keep it. */
export async function generateSignals(folder: string): Promise<void> {
  for (let session = 0; session < 3; session++) {
    const place = join(folder, "sessions", `session_${session}`);
    await mkdir(place, { recursive: true });
    await writeFile(join(place, "voltage.npy"), writeNpy(signal(20_000, 4, session), [20_000, 4]));
    await writeFile(join(place, "position.npy"), writeNpy(signal(5_000, 2, session + 10), [5_000, 2]));
    // The same in every session: stored once as a blob, however many rows refer to it.
    await writeFile(join(place, "stimulus.npy"), writeNpy(signal(8_000, 1, 99), [8_000]));
  }
  await writeZarr(join(folder, "scans", "body.zarr"));
  await mkdir(join(folder, "raw"), { recursive: true });
  await writeFile(join(folder, "raw", "rig.json"), JSON.stringify({ camera: "body", rate_hz: 60 }, null, 2));
  await writeFile(join(folder, "raw", "events.csv"), "time_s,event\n0.0,start\n12.5,stop\n");
}
