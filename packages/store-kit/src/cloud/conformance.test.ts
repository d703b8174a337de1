import { describe, it } from "vitest";
// By path: as a dependency it would be a cycle of packages.
import { storeConformance } from "../../../store-testkit/src/index.ts";
import { createMemoryBackend } from "../testing/memory-backend.ts";
import { openCloudStore } from "./cloud-store.ts";

// Every opening shares the one server.
const told = createMemoryBackend();
await storeConformance({
  name: "a cloud that tells everything",
  describe,
  it,
  open: () => openCloudStore(told),
});

const terse = createMemoryBackend({ blindDelete: true, md5: false, wholeBytes: 0, singlePutBytes: 2_048 });
await storeConformance({
  name: "a cloud of short requests that tells little",
  describe,
  it,
  open: () => openCloudStore(terse),
});
