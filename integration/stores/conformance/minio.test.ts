import { s3Store } from "@mortise/store-s3";
import { startMinio } from "../servers/minio.ts";
import { minioDefects } from "./defects/minio.ts";
import { onServer } from "./on-server.ts";
import { testConformance } from "./suite.ts";

await testConformance(await onServer("MinIO", s3Store, () => startMinio(), minioDefects));
