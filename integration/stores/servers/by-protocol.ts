import { startAzurite } from "./azurite.ts";
import { startFakeGcs } from "./fake-gcs.ts";
import { startMinio } from "./minio.ts";
import type { StoreServer } from "./place.ts";

/** The local server that stands for each cloud, by protocol. */
export const serverOf: Readonly<Record<string, () => Promise<StoreServer>>> = {
  s3: () => startMinio(),
  gcs: startFakeGcs,
  azure: startAzurite,
};
