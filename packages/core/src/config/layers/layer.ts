import type { ConfigSource } from "../contract.ts";

/** One value as its source gives it, before its type is known. */
export interface Leaf {
  readonly value: unknown;
  readonly source: ConfigSource;
  /** The key as it stands in the source, where that is not the dotted name: `mortise.database.file`. */
  readonly written: string;
  /** DataJoint for Python reads this place too, so it may hold only keys that Python knows. */
  readonly shared: boolean;
}

/** All values of one source, by dotted key. */
export interface Layer {
  readonly leaves: ReadonlyMap<string, Leaf>;
  /** Prefixes that this source gives as a whole: lower layers that can be replaced lose what begins with one. */
  readonly replaces: readonly string[];
  /** False for single variables and secrets: they are laid over whatever stores there are. */
  readonly replaceable: boolean;
}

/** A value that won, with those that it hides, nearest first. */
export interface Resolved extends Leaf {
  readonly shadows: readonly Leaf[];
}

/** Whether a value stands in the block that only Mortise reads. */
export function inOwnBlock(leaf: Leaf): boolean {
  return leaf.written.startsWith("mortise.");
}

/** Whether `key` is `prefix` or below it. */
export function within(key: string, prefix: string): boolean {
  return key === prefix || key.startsWith(`${prefix}.`);
}

/** Takes each key from the first layer that has it; layers come highest first. */
export function resolveLayers(layers: readonly Layer[]): ReadonlyMap<string, Resolved> {
  const found = new Map<string, Leaf[]>();
  const replaced: string[] = [];
  for (const layer of layers) {
    for (const [key, leaf] of layer.leaves) {
      // Our own block has no twin in the replaced one, so it stays and applies to the store of the same name.
      const gone = layer.replaceable && !inOwnBlock(leaf) && replaced.some((prefix) => within(key, prefix));
      if (gone) continue;
      const list = found.get(key);
      if (list === undefined) found.set(key, [leaf]);
      else list.push(leaf);
    }
    replaced.push(...layer.replaces);
  }
  // Listed as the file has them, then what higher sources add.
  const order = new Set(layers.toReversed().flatMap((layer) => [...layer.leaves.keys()]));
  const resolved = new Map<string, Resolved>();
  for (const key of order) {
    const [first, ...shadows] = found.get(key) ?? [];
    if (first !== undefined) resolved.set(key, { ...first, shadows });
  }
  return resolved;
}
