// Rows and objects through a project, on a server that is busy, breaks connections and loses answers.
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { blobCodec } from "@mortise/codec-blob";
import { sqlite } from "@mortise/db-sqlite";
import { openProject } from "@mortise/schema";
import { s3Store } from "@mortise/store-s3";
import { expect, it } from "vitest";
import { resetsAfterCommit, resetsDuringBody, slowDown } from "./faults/connections.ts";
import { type Fault, inBursts, sometimes } from "./faults/fault.ts";
import { startS3Server } from "./server.ts";

const faults: readonly Fault[] = [
  inBursts(2, 6, slowDown),
  sometimes(0.15, 5, resetsAfterCommit),
  sometimes(0.1, 6, resetsDuringBody),
];

it("keeps rows and objects together through bursts of 503, resets and lost answers", async () => {
  const folder = await mkdtemp(join(tmpdir(), "mortise-hostile-"));
  try {
    await using server = await startS3Server();
    const main = {
      protocol: "s3",
      endpoint: server.origin,
      bucket: "lab",
      location: "project",
      access_key: "AKIALOOPBACK",
      secret_key: "loopback-secret",
    };
    await writeFile(join(folder, "datajoint.json"), JSON.stringify({ stores: { default: "main", main } }));
    await using project = await openProject({
      directory: folder,
      plugins: [s3Store, sqlite, blobCodec],
    });
    const Trial = project.schema("lab").manual("Trial", "trial_id : int32\n---\nsamples : <blob@>");
    await Trial.insertOne({ trial_id: 0, samples: new Uint8Array([1, 2, 3]) });
    server.misbehave(...faults);
    const rows = Array.from({ length: 60 }, (_, index) => ({
      trial_id: index + 1,
      samples: new Uint8Array(randomBytes(2_000)),
    }));
    await Trial.insert(rows);
    const found = await Trial.where({ trial_id: rows.map(({ trial_id }) => trial_id) }).fetch();
    expect(found.map(({ trial_id, samples }) => ({ trial_id, samples }))).toEqual(rows);
    server.misbehave();
    const objects = [...server.bucket.objects.keys()].filter((name) => name.includes("/_hash/lab/"));
    expect(objects).toHaveLength(61);
    expect(await Trial.count()).toBe(61);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
