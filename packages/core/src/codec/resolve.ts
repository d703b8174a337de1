import { DefinitionError } from "../errors.ts";
import type { CodecChain, CodecSpec } from "./chain.ts";
import type { Codec } from "./contract.ts";
import { formatCodecSpec, isCodecSpec, parseCodecSpec } from "./spec.ts";

/**
 * Follows a spec to the type of its column. `lookup` throws for an unknown name (`registry.codec` does). An inner spec
 * without a store of its own, `<blob>` and `<blob@>` alike, inherits the outer one. A text without brackets is a column
 * type and has no codecs. Throws `DefinitionError`: `circular-codec`, and what the codecs' `storageType` throws.
 */
export function resolveCodecChain(spec: CodecSpec | string, lookup: (name: string) => Codec): CodecChain {
  const outer = typeof spec === "string" ? parseCodecSpec(spec) : spec;
  if (typeof spec === "string" && !isCodecSpec(spec)) {
    return { spec: outer, storage: outer.name, codecs: [], store: outer.store };
  }
  const codecs: Codec[] = [];
  let { name, store } = outer;
  for (;;) {
    const codec = lookup(name);
    if (codecs.some((seen) => seen.name === codec.name)) {
      const path = [...codecs, codec].map((link) => `<${link.name}>`).join(" → ");
      throw new DefinitionError("circular-codec", `Circular codec reference in ${formatCodecSpec(outer)}: ${path}`);
    }
    codecs.push(codec);
    const storage = codec.storageType({ external: store !== undefined });
    if (!isCodecSpec(storage)) return { spec: outer, storage, codecs, store };
    const inner = parseCodecSpec(storage);
    name = inner.name;
    store = inner.store ? inner.store : (store ?? inner.store);
  }
}
