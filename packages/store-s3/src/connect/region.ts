import type { OperationSite } from "@mortise/store-kit";
import { storeError } from "@mortise/store-kit";
import type { HttpTransport } from "@mortise/store-kit/cloud";
import type { InjectedS3Client } from "../options.ts";
import type { Server } from "./server.ts";

/** What a region can be found by. */
export interface RegionSources {
  readonly bucket: string;
  readonly server: Server;
  readonly transport: HttpTransport;
  readonly client: InjectedS3Client | undefined;
  readonly profile: string | undefined;
}

/** The region where none is configured: the client's, the environment's or the profile's, else what the bucket says. */
export async function findRegion(site: OperationSite, sources: RegionSources, signal?: AbortSignal): Promise<string> {
  const { client, server } = sources;
  if (client !== undefined) {
    const region = await settled(client.config.region());
    if (region !== undefined) return region;
  }
  // Another server's region has nothing to do with what this machine uses at Amazon's.
  if (server.aws === undefined) return "us-east-1";
  const { env } = process;
  return (
    env["AWS_REGION"] ||
    env["AWS_DEFAULT_REGION"] ||
    (await profileRegion(sources.profile)) ||
    (await askBucket(site, sources, signal))
  );
}

async function profileRegion(profile: string | undefined): Promise<string | undefined> {
  const { S3Client } = await import("@aws-sdk/client-s3");
  const client = new S3Client(profile === undefined ? {} : { profile });
  try {
    return await settled(client.config.region());
  } finally {
    client.destroy();
  }
}

async function settled(region: Promise<string>): Promise<string | undefined> {
  // The SDK rejects where no region is configured: that is an answer here.
  return await region.catch(() => undefined);
}

/** One HEAD of the bucket, not signed: whoever answers learns nothing. Amazon names the region even where it refuses. */
async function askBucket(
  site: OperationSite,
  { bucket, server, transport }: RegionSources,
  signal: AbortSignal | undefined,
): Promise<string> {
  const path = `/${encodeURIComponent(bucket)}`;
  const response = await transport.request({
    method: "HEAD",
    origin: server.endpoint,
    path,
    headers: {},
    site,
    signal,
  });
  await response.release();
  const region = response.headers["x-amz-bucket-region"];
  if (region !== undefined && /^[a-z0-9-]+$/.test(region)) return region;
  if (response.status === 404) {
    throw storeError(site, "invalid-config", `bucket "${bucket}" does not exist at ${server.endpoint}`, {
      hint: "create the bucket, or correct bucket and endpoint",
      status: 404,
    });
  }
  throw storeError(site, "invalid-config", `the bucket does not tell its region`, {
    hint: 'set "region", or AWS_REGION',
    status: response.status,
    retryable: response.status >= 500,
  });
}
