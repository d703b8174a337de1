/** Codec specs: `<name>`, `<name@>`, `<name@store>`. */
import { DefinitionError } from "../errors.ts";
import type { CodecSpec } from "./chain.ts";

/** Names a store may have: a dot would hide its secrets, a colon would break the column's marker. */
export const storeNamePattern: RegExp = /^[A-Za-z_][A-Za-z0-9_-]*$/;

export interface CodecSpecOptions {
  /** Accepts any store name: for the markers of tables that exist, where refusing would hide the other attributes. */
  readonly lenient?: boolean | undefined;
}

/** Whether the text of a type names a codec rather than a column type. */
export function isCodecSpec(text: string): boolean {
  return text.trimStart().startsWith("<");
}

/**
 * Reads a spec; brackets and blanks around it are optional. Throws `DefinitionError`: `invalid-codec-spec` without a
 * name, `invalid-store-name`.
 */
export function parseCodecSpec(text: string, options: CodecSpecOptions = {}): CodecSpec {
  const inner = text.replace(/^[<\s]+|[>\s]+$/g, "");
  const at = inner.indexOf("@");
  const name = (at < 0 ? inner : inner.slice(0, at)).trim();
  const store = at < 0 ? undefined : inner.slice(at + 1).trim();
  if (name === "") {
    throw new DefinitionError("invalid-codec-spec", `${JSON.stringify(text)} names no codec`, {
      hint: "Write <name>, <name@> for the default store, or <name@store>.",
    });
  }
  if (store && options.lenient !== true && !storeNamePattern.test(store)) {
    throw new DefinitionError("invalid-store-name", `${text} names the store ${JSON.stringify(store)}`, {
      hint: "A store name is a letter or underscore, then letters, digits, underscores and hyphens.",
    });
  }
  return { name, store };
}

/** The spec as it is written in a definition. */
export function formatCodecSpec(spec: CodecSpec): string {
  return spec.store === undefined ? `<${spec.name}>` : `<${spec.name}@${spec.store}>`;
}

/** For a codec's `storageType`: throws a `DefinitionError` of code `requires-store` for the mode without `@`. */
export function requireStore(name: string, mode: { readonly external: boolean }): void {
  if (mode.external) return;
  throw new DefinitionError("requires-store", `<${name}> requires @: its values can't stay in the table`, {
    hint: `Write <${name}@> for the default store, or <${name}@store>.`,
  });
}
