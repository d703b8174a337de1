import type { Layer, Leaf } from "./layer.ts";

/** The content of each file in a secrets directory, by file name. */
export interface SecretTexts {
  /** The directory, for messages. */
  readonly path: string;
  readonly values: Readonly<Record<string, string>>;
}

const own = "mortise.";

/**
 * Whether a file of this name in the secrets directory is read (storage specification §3.4). Names that begin with
 * `mortise.` hold keys that only Mortise knows: Python skips them.
 */
export function isSecretName(name: string): boolean {
  const key = name.startsWith(own) ? name.slice(own.length) : name;
  return key === "database.user" || key === "database.password" || /^stores\.[^.]+\.[^.]+$/.test(key);
}

/** The layer of the secrets directory: other files are ignored, white space at both ends is dropped. */
export function secretLayer(secrets: SecretTexts): Layer {
  const leaves = new Map<string, Leaf>();
  for (const [name, text] of Object.entries(secrets.values)) {
    if (!isSecretName(name)) continue;
    const inBlock = name.startsWith(own);
    leaves.set(inBlock ? name.slice(own.length) : name, {
      value: text.trim(),
      source: { kind: "secret", name: `${secrets.path}/${name}` },
      written: name,
      shared: !inBlock,
    });
  }
  return { leaves, replaces: [], replaceable: false };
}
