import type { ConfigKey } from "../../plugin/contract.ts";

type Extra = Partial<Omit<ConfigKey, "name" | "type" | "description">>;

function key(name: string, type: ConfigKey["type"], description: string, extra: Extra = {}): ConfigKey {
  return { name, type, description, ...extra };
}

const required: Extra = { required: true };
const secret: Extra = { secret: true };
const ours: Extra = { mortiseOnly: true };

/** Keys of every store, whatever its protocol (storage specification §3.8). */
export const commonStoreKeys: readonly ConfigKey[] = [
  key("protocol", "string", "file, s3, gcs, azure, or that of a plugin", required),
  key("location", "string", "Folder, or prefix inside the bucket or container"),
  key("subfolding", "integers", "Lengths of the folders that hashed objects are spread over; sum at most 25", {
    default: null,
  }),
  key("partition_pattern", "string", "Key attributes that lead the path of schema-addressed objects", {
    default: null,
  }),
  key("token_length", "integer", "Characters of the random token in file names, 4 to 16", { default: 8 }),
  key("hash_prefix", "string", "Section of hash-addressed objects", { default: "_hash" }),
  key("schema_prefix", "string", "Section of schema-addressed objects", { default: "_schema" }),
  key("filepath_prefix", "string", "The only section for user-managed files; unset: anywhere else", { default: null }),
  key("stage", "string", "Accepted for DataJoint for Python; unused"),
  key("project_name", "string", "Name of the project; informative"),
  key("blob_compression", "string", "canonical: the bytes that Python writes, for stores that both write to", {
    ...ours,
    allowed: ["fast", "canonical", "none"],
  }),
];

const location = key("location", "string", "Prefix inside the bucket or container; may be empty", required);
const endpoint = key("endpoint", "string", "http(s) URL of a server other than the provider's", ours);
const publicEndpoint = key("public_endpoint", "string", "http(s) URL that signed URLs name", ours);

/** The keys of the four protocols, beyond the common ones. */
export const protocolKeys: Readonly<Record<string, readonly ConfigKey[]>> = {
  file: [
    key("location", "string", "Absolute path or file:// URL of an existing folder", required),
    key("durability", "string", "full: a write survives a power cut; none: for scratch data", {
      ...ours,
      allowed: ["full", "none"],
    }),
  ],
  s3: [
    key("endpoint", "string", "host[:port] or http(s) URL of the server", required),
    key("bucket", "string", "Bucket", required),
    location,
    key("access_key", "string", "Access key id; without: credentials of the environment", secret),
    key("secret_key", "string", "Secret access key", secret),
    key("secure", "boolean", "Use HTTPS; ignored where the endpoint is a URL", { default: true }),
    key("proxy_server", "string", "Accepted for DataJoint for Python; unused"),
    key("region", "string", "Region; unset: asked of the environment, then of the server", ours),
    key("session_token", "string", "Session token of temporary credentials", { ...ours, secret: true }),
    publicEndpoint,
  ],
  gcs: [
    key("bucket", "string", "Bucket", required),
    location,
    key("token", "string", "Key file, anon, or unset for credentials of the environment", secret),
    key("project", "string", "Project that is billed"),
    endpoint,
    publicEndpoint,
  ],
  azure: [
    key("container", "string", "Container", required),
    location,
    key("account_name", "string", "Storage account"),
    key("account_key", "string", "Key of the account", secret),
    key("connection_string", "string", "Connection string, instead of name and key", secret),
    endpoint,
    publicEndpoint,
  ],
};

/** The packages that serve the four protocols. */
export const builtInProtocols: readonly string[] = Object.keys(protocolKeys);

/** A protocol's whole table: a plugin's keys go over core's of the same name, which go over the common ones. */
export function storeKeys(protocol: string, plugin: readonly ConfigKey[] = []): ReadonlyMap<string, ConfigKey> {
  const own = Object.hasOwn(protocolKeys, protocol) ? (protocolKeys[protocol] ?? []) : [];
  const table = new Map<string, ConfigKey>();
  const [first, ...common] = commonStoreKeys;
  const isOwn = new Set([...own, ...plugin].map(({ name }) => name));
  // The protocol, then its own keys: errors list missing keys in this order, as Python does.
  for (const entry of [first, ...own, ...plugin, ...common.filter(({ name }) => !isOwn.has(name))]) {
    if (entry !== undefined) table.set(entry.name, { ...table.get(entry.name), ...entry });
  }
  return table;
}
