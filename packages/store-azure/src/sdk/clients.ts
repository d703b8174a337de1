import type * as Sdk from "@azure/storage-blob";
import type { BlobServiceClient, ContainerClient, PipelineLike } from "@azure/storage-blob";
import type { CloudCall } from "@mortise/store-kit/cloud";
import type { Container } from "../objects/container.ts";
import type { Wire } from "../wire/wire.ts";
import { sdkHttpClient } from "./http-client.ts";

/** The SDK, loaded by its first use: it takes a sixth of a second and 40 MiB. */
export async function loadSdk(): Promise<typeof Sdk> {
  return await import("@azure/storage-blob");
}

/** An SDK client for one call: errors name that call, and its signal ends the request. */
export async function containerClient(container: Container, call: CloudCall): Promise<ContainerClient> {
  const { ContainerClient } = await loadSdk();
  return new ContainerClient(containerUrl(container), await pipelineOf(container.wire, call));
}

/** The SDK client of the account. */
export async function serviceClient({ wire }: Container, call: CloudCall): Promise<BlobServiceClient> {
  const { BlobServiceClient } = await loadSdk();
  return new BlobServiceClient(wire.account.origin + wire.account.basePath, await pipelineOf(wire, call));
}

/** The container's URL, without any signature. */
export function containerUrl({ wire, name }: Container): string {
  return `${wire.account.origin}${wire.account.basePath}/${name}`;
}

/** No credential: the wire signs. One try: `cloudStore` repeats. */
async function pipelineOf(wire: Wire, call: CloudCall): Promise<PipelineLike> {
  const { AnonymousCredential, newPipeline } = await loadSdk();
  return newPipeline(new AnonymousCredential(), {
    httpClient: sdkHttpClient(wire, call),
    retryOptions: { maxTries: 1 },
  });
}
