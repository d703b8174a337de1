import { GenericContainer, Wait } from "testcontainers";
import { engineHost, originOf, startContainer } from "./engine.ts";
import { newBucketName, type Place, type StoreServer } from "./place.ts";

const image = "fsouza/fake-gcs-server:1.56.1";
const port = 4443;

/** fake-gcs-server in memory: on its folders, a delete under a condition loses what was written beside it. */
export async function startFakeGcs(): Promise<StoreServer> {
  // Downloads by signed URL are served for this host only, and for any port where none is named.
  const host = await engineHost();
  const container = await startContainer(
    image,
    new GenericContainer(image)
      .withCommand(["-scheme", "http", "-backend", "memory", "-port", String(port), "-public-host", host])
      .withExposedPorts(port)
      .withWaitStrategy(Wait.forHttp("/_internal/healthcheck", port)),
  );
  const origin = await originOf(container, port);
  return {
    createPlace: () => createBucket(origin),
    async [Symbol.asyncDispose]() {
      await container.stop();
    },
  };
}

async function createBucket(origin: string): Promise<Place> {
  const bucket = newBucketName();
  const response = await fetch(`${origin}/storage/v1/b?project=tests`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: bucket }),
  });
  if (!response.ok) throw new Error(`fake-gcs-server refused a bucket: ${response.status} ${await response.text()}`);
  // `anon` as DataJoint for Python says it: no credentials are looked for.
  return { shared: { protocol: "gcs", bucket }, ours: { endpoint: origin }, secrets: { token: "anon" } };
}
