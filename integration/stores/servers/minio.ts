import { GenericContainer, Wait } from "testcontainers";
import { originOf, startContainer } from "./engine.ts";
import type { StoreServer } from "./place.ts";
import { type BucketOptions, createBucket, credentials } from "./s3-buckets.ts";

const image = "minio/minio:latest";
const port = 9000;

/** MinIO on one drive inside the container. */
export async function startMinio(options?: BucketOptions): Promise<StoreServer> {
  const container = await startContainer(
    image,
    new GenericContainer(image)
      .withEnvironment({ MINIO_ROOT_USER: credentials.accessKeyId, MINIO_ROOT_PASSWORD: credentials.secretAccessKey })
      .withCommand(["server", "/data"])
      .withExposedPorts(port)
      .withWaitStrategy(Wait.forHttp("/minio/health/ready", port)),
  );
  const origin = await originOf(container, port);
  return {
    createPlace: () => createBucket(origin, options),
    async [Symbol.asyncDispose]() {
      await container.stop();
    },
  };
}
