// An upload whose process is killed half-way, and another process that continues it: what each of them sent.
import { spawn } from "node:child_process";
import { createHash, type Hash, randomBytes } from "node:crypto";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseKey } from "@mortise/core";
import { openS3Store } from "@mortise/store-s3";
import { startServerProcess } from "./process.ts";

export const partBytes = 5 * 1024 ** 2;
export const resumedKey = "recordings/day 1.bin";

export interface ResumeReport {
  readonly parts: number;
  /** Parts that reached the server before the kill, and that it lists afterwards. */
  readonly partsBeforeKill: number;
  readonly partsListed: number;
  readonly partsAfterResume: number;
  /** The object is the file, byte for byte. */
  readonly equal: boolean;
}

interface Said {
  readonly id?: string;
  readonly bytes?: number;
  readonly done?: boolean;
}

/** Runs a worker, killed without warning as soon as `until` says so; answers with the upload's id and whether it was done. */
async function upload(
  args: readonly string[],
  until: (bytes: number) => boolean,
): Promise<{ readonly id: string | undefined; readonly done: boolean }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "upload.worker.ts"), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let id: string | undefined;
  let done = false;
  for await (const line of createInterface(child.stdout)) {
    const said = JSON.parse(line) as Said;
    id ??= said.id;
    done ||= said.done === true;
    if (said.bytes !== undefined && until(said.bytes)) child.kill("SIGKILL");
  }
  return { id, done };
}

async function writeRandom(path: string, size: number): Promise<Hash> {
  const hash = createHash("sha256");
  await using file = await open(path, "wx");
  for (let at = 0; at < size; at += 1024 ** 2) {
    const chunk = randomBytes(Math.min(1024 ** 2, size - at));
    hash.update(chunk);
    await file.writeFile(chunk);
  }
  return hash;
}

/** Uploads so many bytes to a loopback server of its own, killed at half and continued. */
export async function killAndResume(size: number): Promise<ResumeReport> {
  const folder = await mkdtemp(join(tmpdir(), "mortise-resume-"));
  try {
    await using server = await startServerProcess({ slowMs: 20 });
    const file = join(folder, "recording.bin");
    const written = await writeRandom(file, size);
    const sentParts = async (): Promise<number> => (await server.costs()).counts.UploadPart ?? 0;

    // The probe before the first write of a bucket sends parts of its own: not counted.
    await using store = await openS3Store({
      endpoint: server.origin,
      bucket: "lab",
      credentials: { accessKeyId: "AKIALOOPBACK", secretAccessKey: "loopback-secret" },
    });
    await store.put(parseKey("first"), new Uint8Array(1));
    const first = await sentParts();
    const killed = await upload([server.origin, file], (bytes) => bytes >= size / 2);
    if (killed.id === undefined || killed.done) throw new Error("the upload ended before it was killed");
    const second = await sentParts();
    const resumed = await store.multipart?.resume(parseKey(resumedKey), killed.id);
    let partsListed = 0;
    for await (const _ of resumed?.parts() ?? []) partsListed++;
    const continued = await upload([server.origin, file, killed.id], () => false);
    if (!continued.done) throw new Error("the continued upload did not end");

    const read = createHash("sha256");
    await using result = await store.get(parseKey(resumedKey));
    for await (const chunk of result.body) read.update(chunk);
    return {
      parts: Math.ceil(size / partBytes),
      partsBeforeKill: second - first,
      partsListed,
      partsAfterResume: (await sentParts()) - second,
      equal: read.digest("hex") === written.digest("hex"),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
