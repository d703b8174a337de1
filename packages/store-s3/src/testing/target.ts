import { silentLogger } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import type { CloudBackend } from "@mortise/store-kit/cloud";
import { createTransport } from "@mortise/store-kit/cloud";
import { createBackend } from "../backend.ts";
import type { Target, TargetOptions } from "../connect/connection.ts";
import { createTarget } from "../connect/connection.ts";
import { createIdentity } from "../connect/identity.ts";
import { readServer } from "../connect/server.ts";

/** What a test's requests are made for. */
const site: OperationSite = { operation: "test", store: "s3" };
/** A call without a condition. */
export const call: { readonly site: OperationSite; readonly mode: "overwrite" } = { site, mode: "overwrite" };

/** A target on a server that a test has started. */
export function targetOn(endpoint: string, options: Partial<TargetOptions> = {}): Target {
  return createTarget({
    bucket: "bucket",
    server: readServer(site, endpoint, true),
    pathStyle: true,
    identity: createIdentity({ accessKeyId: "AKIDEXAMPLE", secretAccessKey: "hush" }),
    transport: createTransport(),
    logger: silentLogger,
    region: undefined,
    findRegion: () => Promise.resolve("us-east-1"),
    ...options,
  });
}

/** A backend of one attempt per call on such a target. */
export function backendOn(target: Target, checksums = false): CloudBackend {
  return createBackend({
    target,
    baseUrl: "s3://bucket",
    prefix: "",
    storeName: "s3",
    checksums,
    publicEndpoint: undefined,
  });
}
