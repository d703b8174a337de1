import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFileStore } from "@mortise/store-file";
import { testConformance } from "./suite.ts";

await testConformance({
  name: "file",
  async start() {
    const location = await mkdtemp(join(tmpdir(), "mortise-file-"));
    return {
      open: () => openFileStore({ location }),
      [Symbol.asyncDispose]: () => rm(location, { recursive: true }),
    };
  },
});
