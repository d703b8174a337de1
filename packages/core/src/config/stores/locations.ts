import type { StoreSpec } from "../../plugin/contract.ts";
import { protocolKeys, storeKeys } from "../keys/stores.ts";
import { isSecret } from "../secret.ts";
import { endpointUrl } from "./endpoint.ts";

/** A place that two stores must not share: the same space, and one path at or below the other. */
interface Place {
  readonly space: string;
  readonly segments: readonly string[];
}

function text(spec: StoreSpec, key: string): string {
  const value = spec[key];
  return typeof value === "string" ? value : "";
}

/** Bucket names are unique in all of AWS, so its regional endpoints are one place. */
function host(endpoint: string): string {
  const { host } = new URL(endpointUrl(endpoint));
  return host.endsWith(".amazonaws.com") ? "amazonaws.com" : host;
}

function azureAccount(spec: StoreSpec): string {
  const connection = spec["connection_string"];
  const named = isSecret(connection) ? /(?:^|;)AccountName=([^;]+)/i.exec(connection.reveal())?.[1] : undefined;
  return named ?? text(spec, "account_name");
}

function spaceOf(spec: StoreSpec): string {
  const { protocol } = spec;
  const endpoint = text(spec, "endpoint");
  if (protocol === "file") return "";
  if (protocol === "s3") return `${host(endpoint)}/${text(spec, "bucket")}`;
  if (protocol === "gcs") return `${endpoint === "" ? "" : host(endpoint)}/${text(spec, "bucket")}`;
  if (protocol === "azure")
    return `${endpoint === "" ? azureAccount(spec) : host(endpoint)}/${text(spec, "container")}`;
  // Of a plugin's protocol core knows no more than its keys: equal ones but for location and secrets mean one place.
  const common = storeKeys("");
  const own = Object.entries(spec).filter(([key, value]) => !common.has(key) && !isSecret(value));
  return JSON.stringify(own.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function placeOf(spec: StoreSpec, realPath: (path: string) => string): Place {
  const location = text(spec, "location");
  const path = Object.hasOwn(protocolKeys, spec.protocol) && spec.protocol === "file" ? realPath(location) : location;
  return { space: `${spec.protocol}:${spaceOf(spec)}`, segments: path.split("/").filter((part) => part !== "") };
}

/** Pairs of stores of which one lies in the other, or that are the same place: each would collect the other's objects. */
export function overlappingStores(
  stores: ReadonlyMap<string, StoreSpec>,
  realPath: (path: string) => string,
): readonly { readonly outer: string; readonly inner: string; readonly equal: boolean }[] {
  const places = [...stores].map(([name, spec]) => ({ name, ...placeOf(spec, realPath) }));
  return places.flatMap((a, index) =>
    places.slice(index + 1).flatMap((b) => {
      const [outer, inner] = a.segments.length <= b.segments.length ? [a, b] : [b, a];
      if (a.space !== b.space || outer.segments.some((part, at) => part !== inner.segments[at])) return [];
      return [{ outer: outer.name, inner: inner.name, equal: outer.segments.length === inner.segments.length }];
    }),
  );
}
