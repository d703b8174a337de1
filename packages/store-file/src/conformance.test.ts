import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { storeConformance } from "@mortise/store-testkit";
import { afterAll, describe, it } from "vitest";
import { openFileStore } from "./store.ts";

const location = await mkdtemp(join(tmpdir(), "mortise-file-"));
afterAll(() => rm(location, { recursive: true }));

await storeConformance({ name: "file", describe, it, open: () => openFileStore({ location }) });
