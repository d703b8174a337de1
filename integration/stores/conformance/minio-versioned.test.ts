import { s3Store } from "@mortise/store-s3";
import { startMinio } from "../servers/minio.ts";
import { minioVersionedDefects } from "./defects/minio.ts";
import { onServer } from "./on-server.ts";
import { testConformance } from "./suite.ts";

await testConformance(
  await onServer("MinIO, versioned", s3Store, () => startMinio({ versioned: true }), minioVersionedDefects),
);
