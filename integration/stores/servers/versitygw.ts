import { GenericContainer, Wait } from "testcontainers";
import { originOf, startContainer } from "./engine.ts";
import type { StoreServer } from "./place.ts";
import { createBucket, credentials } from "./s3-buckets.ts";

const image = "versity/versitygw:v1.8.0";
const port = 7070;

/** Versity's S3 gateway over a folder inside the container: buckets are folders, objects are files. */
export async function startVersitygw(): Promise<StoreServer> {
  const container = await startContainer(
    image,
    new GenericContainer(image)
      .withEnvironment({
        ROOT_ACCESS_KEY: credentials.accessKeyId,
        ROOT_SECRET_KEY: credentials.secretAccessKey,
        VGW_HEALTH: "/health",
        // Else each request is a connection of its own.
        VGW_KEEP_ALIVE: "true",
      })
      .withCommand(["posix", "/tmp"])
      .withExposedPorts(port)
      .withWaitStrategy(Wait.forHttp("/health", port)),
  );
  const origin = await originOf(container, port);
  return {
    createPlace: () => createBucket(origin),
    async [Symbol.asyncDispose]() {
      await container.stop();
    },
  };
}
