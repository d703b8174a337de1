import { endpointUrl } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { storeError } from "@mortise/store-kit";

/** A server as configured: one of Amazon's, or somebody else's that speaks S3. */
export interface Server {
  /** `https://host[:port]`. */
  readonly endpoint: string;
  /** Of Amazon's: the domain that regional hosts share. */
  readonly aws?:
    | { readonly suffix: string; readonly region?: string | undefined; readonly global: boolean }
    | undefined;
}

/** Where the objects of one bucket are. */
export interface Address {
  readonly origin: string;
  readonly host: string;
  /** What a path begins with: `/`, or `/bucket/`. */
  readonly root: string;
  /** Whether the bucket is in the path. */
  readonly pathStyle: boolean;
}

const amazon = /^(?:.*\.)?(amazonaws\.com(?:\.cn)?)$/;
// s3.eu-west-1, s3.dualstack.eu-west-1, s3-fips.us-gov-west-1, s3-eu-west-1, and with vpce behind them.
const regional = /(?:^|\.)s3(?:-fips)?[.-](?:dualstack\.)?([a-z]{2,}(?:-[a-z]+)+-\d+)(?:\.vpce)?\.amazonaws\./;

/** Reads an endpoint. Throws `invalid-config`, without showing credentials that stand in it. */
export function readServer(site: OperationSite, endpoint: string, secure: boolean): Server {
  let origin: string;
  try {
    origin = endpointUrl(endpoint, secure);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw storeError(site, "invalid-config", `the endpoint ${problem}`, {
      hint: "write host[:port] or https://host[:port]",
    });
  }
  const { hostname } = new URL(origin);
  const suffix = amazon.exec(hostname)?.[1];
  if (suffix === undefined) return { endpoint: origin };
  return {
    endpoint: origin,
    aws: { suffix, region: regional.exec(hostname)?.[1], global: hostname === "s3.amazonaws.com" },
  };
}

/** Amazon's name for all regions; the region's own host is used once the region is known. */
export const globalEndpoint = "https://s3.amazonaws.com";

// A name with a dot has no certificate as part of a host; one with capitals is no host at all.
const hostBucket = /^[a-z0-9](?:[a-z0-9-]{1,61}[a-z0-9])$/;

/** The endpoint of a region: a regional one stays, the global one becomes that of the region, below the same domain. */
export function regionalEndpoint({ endpoint, aws }: Server, region: string): string {
  if (aws?.global !== true) return endpoint;
  return `${new URL(endpoint).protocol}//s3.${region}.${aws.suffix}`;
}

/** The bucket's address at an endpoint. */
export function addressOf(endpoint: string, bucket: string, pathStyle: boolean): Address {
  const url = new URL(endpoint);
  if (pathStyle) return { origin: url.origin, host: url.host, root: `/${encodeURIComponent(bucket)}/`, pathStyle };
  const host = `${bucket}.${url.host}`;
  return { origin: `${url.protocol}//${host}`, host, root: "/", pathStyle };
}

/** Path style at custom endpoints, whose names seldom have a certificate per bucket; the host's name at Amazon's. */
export function defaultPathStyle({ aws }: Server, bucket: string): boolean {
  return aws === undefined || !hostBucket.test(bucket);
}
