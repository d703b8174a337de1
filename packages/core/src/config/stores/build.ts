import { storeNamePattern } from "../../codec/spec.ts";
import type { ConfigKey, StoreSpec } from "../../plugin/contract.ts";
import { coerce, WrongValue } from "../coerce.ts";
import { builtInProtocols, storeKeys } from "../keys/stores.ts";
import { inOwnBlock, type Resolved } from "../layers/layer.ts";
import { nameOf, type Report } from "../report.ts";
import { isSecret, Secret } from "../secret.ts";
import { didYouMean, nearest } from "../suggest.ts";
import { applyRules, type Values } from "./rules.ts";

/** Values of one store by attribute, each with its source. */
export type StoreLeaves = ReadonlyMap<string, Resolved>;

export interface StoreContext {
  readonly report: Report;
  readonly directory: string;
  /** Key tables of the protocols that plugins serve. */
  readonly plugins: ReadonlyMap<string, readonly ConfigKey[]>;
  /** Stores that have a protocol: one without may be a misspelling of their names. */
  readonly complete?: readonly string[] | undefined;
}

/** A store as configured and as it is used. */
export interface BuiltStore {
  /** Configured values in their types, without defaults. */
  readonly given: ReadonlyMap<string, unknown>;
  /** Absent if it can't be used. */
  readonly spec?: StoreSpec | undefined;
  /** Keys that its protocol has. */
  readonly keys: ReadonlySet<string>;
}

/** Whether a store may have this name (storage specification §5.1). */
export function isStoreName(name: string): boolean {
  return storeNamePattern.test(name) && name !== "default" && name !== "filepath_default";
}

/** The value in the key's type, wrapped if it is a secret. */
export function typedValue(key: ConfigKey, leaf: Resolved, text: boolean): unknown {
  const value = isSecret(leaf.value) ? leaf.value.reveal() : leaf.value;
  const hidden = leaf.source.kind === "secret" ? { ...key, secret: true } : key;
  const typed = coerce(hidden, value, text);
  if (key.secret !== true || typed === undefined) return typed;
  return new Secret(typeof typed === "string" ? typed : JSON.stringify(typed));
}

function isText(leaf: Resolved): boolean {
  const { kind } = leaf.source;
  return kind === "secret" || (kind === "environment" && !leaf.shared);
}

function protocolOf(name: string, leaves: StoreLeaves, entry: Resolved, context: StoreContext): string | undefined {
  const leaf = leaves.get("protocol");
  const problem = (message: string, hint?: string): undefined => {
    const { source, written } = leaf ?? entry;
    context.report.problems.push({ key: leaf ? written : `stores.${name}`, source: nameOf(source), message, hint });
  };
  const known = [...new Set([...builtInProtocols, ...context.plugins.keys()])];
  if (leaf === undefined || leaf.value === null) {
    const other = nearest(name, context.complete ?? []);
    const meant = other === undefined ? "" : `did you mean the store "${other}"? `;
    return problem("missing protocol", `${meant}allowed: ${known.join(", ")}`);
  }
  if (typeof leaf.value !== "string") return problem("protocol must be text");
  const protocol = leaf.value.trim().toLowerCase();
  if (known.includes(protocol)) return protocol;
  const near = nearest(protocol, known);
  return problem(
    `Unknown protocol "${protocol}"`,
    near === undefined
      ? `allowed: ${known.join(", ")}, and those of plugins that are given`
      : `did you mean "${near}"?`,
  );
}

/** Why a key that the protocol has can't stand where it does; undefined if it can. */
function misplaced(name: string, attribute: string, key: ConfigKey, leaf: Resolved): string | undefined {
  if (key.mortiseOnly === true && leaf.shared) return `write ${attribute} as mortise.stores.${name}.${attribute}`;
  if (key.mortiseOnly !== true && inOwnBlock(leaf)) return `write ${attribute} as stores.${name}.${attribute}`;
  return undefined;
}

function readValues(
  name: string,
  protocol: string,
  leaves: StoreLeaves,
  table: ReadonlyMap<string, ConfigKey>,
  report: Report,
): Values {
  const values: Values = new Map();
  const invalid: string[] = [];
  const hints: string[] = [];
  let first: Resolved | undefined;
  for (const [attribute, leaf] of leaves) {
    const key = table.get(attribute);
    const hint = key === undefined ? undefined : misplaced(name, attribute, key, leaf);
    if (key === undefined || hint !== undefined) {
      invalid.push(attribute);
      hints.push(hint ?? didYouMean(attribute, table.keys()));
      first ??= leaf;
      continue;
    }
    try {
      values.set(attribute, attribute === "protocol" ? protocol : typedValue(key, leaf, isText(leaf)));
    } catch (error) {
      if (!(error instanceof WrongValue)) throw error;
      // Present, though not usable: it must not be reported as missing too.
      values.set(attribute, null);
      report.problems.push({ key: leaf.written, source: nameOf(leaf.source), message: error.message });
    }
  }
  if (first !== undefined) {
    report.problems.push({
      key: `stores.${name}`,
      source: nameOf(first.source),
      message: `Invalid key(s) for a ${protocol} store: ${invalid.join(", ")}`,
      hint: [...new Set(hints)].join("; "),
    });
  }
  return values;
}

/**
 * Makes the spec of one store: types, unknown and missing keys, defaults, rules of its protocol.
 * `entry` stands for the store where no single key is to blame.
 */
export function buildStore(name: string, leaves: StoreLeaves, entry: Resolved, context: StoreContext): BuiltStore {
  const { report } = context;
  const incomplete = [...leaves.values(), entry].every((leaf) => leaf.source.kind === "secret" || inOwnBlock(leaf));
  if (incomplete) {
    // A secrets directory may serve several configurations, so this is no error until the store is used.
    report.warnings.push(`stores.${name} has no protocol, only values from ${nameOf(entry.source)}; it can't be used`);
    return { given: new Map([...leaves].map(([key, leaf]) => [key, new Secret(String(leaf.value))])), keys: new Set() };
  }
  const before = report.problems.length;
  const source = nameOf(entry.source);
  const protocol = protocolOf(name, leaves, entry, context);
  if (protocol === undefined) return { given: new Map(), keys: new Set() };
  const table = storeKeys(protocol, context.plugins.get(protocol));
  const keys = new Set(table.keys());
  const given = readValues(name, protocol, leaves, table, report);
  for (const [attribute, value] of given) if (value === undefined) given.delete(attribute);
  const missing = [...table.values()].filter((key) => key.required === true && !given.has(key.name));
  if (missing.length > 0) {
    const names = missing.map((key) => key.name).join(", ");
    report.problems.push({ key: `stores.${name}`, source, message: `The ${protocol} store is missing: ${names}` });
  }
  const values: Values = new Map(given);
  for (const key of table.values()) {
    if (key.default !== undefined && !values.has(key.name)) values.set(key.name, key.default);
  }
  applyRules(protocol, values, {
    directory: context.directory,
    problem(attribute, message, hint) {
      const leaf = leaves.get(attribute);
      const key = leaf?.written ?? `stores.${name}.${attribute}`;
      report.problems.push({ key, source: nameOf((leaf ?? entry).source), message, hint });
    },
    warn: (attribute, message) => report.warnings.push(`stores.${name}.${attribute} ${message}`),
  });
  const spec = report.problems.length > before ? undefined : (Object.freeze(Object.fromEntries(values)) as StoreSpec);
  return { given, keys, spec };
}
