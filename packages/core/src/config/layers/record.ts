import type { ConfigSource } from "../contract.ts";
import { settingKeys } from "../keys/settings.ts";
import { kindOf, nameOf, type Report } from "../report.ts";
import { didYouMean } from "../suggest.ts";
import type { Layer, Leaf } from "./layer.ts";

const names = new Set(settingKeys.map((key) => key.name));
const groups = new Set([...names].filter((name) => name.includes(".")).map((name) => name.split(".")[0] ?? ""));

export interface RecordOptions {
  readonly source: ConfigSource;
  readonly report: Report;
  /** Unknown keys are problems, not warnings: nobody else's keys can stand there. */
  readonly strict?: boolean | undefined;
  /** Settings that plugins add. */
  readonly extra?: ReadonlySet<string> | undefined;
}

/** Whether `value` is a JSON object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Flattens an object whose keys are nested or dotted, mixed freely, in the order they stand in (storage specification
 * §3.3): a nested store replaces what was said of it before, a dotted key adds to it.
 * Returns two layers: what stands in the `mortise` block, which wins because it is more specific, and the rest.
 */
export function recordLayers(record: Readonly<Record<string, unknown>>, options: RecordOptions): readonly Layer[] {
  const { source, report, strict, extra } = options;
  const shared = new Map<string, Leaf>();
  const own = new Map<string, Leaf>();
  const replaces: string[] = [];

  function leaf(value: unknown, written: string, leaves: Map<string, Leaf>): Leaf {
    return { value, source, written, shared: leaves === shared && source.kind !== "option" };
  }

  function problem(written: string, message: string, hint?: string): void {
    report.problems.push({ key: written, source: nameOf(source), message, hint });
  }

  function unknown(written: string, key: string, inBlock: boolean): void {
    const hint = didYouMean(key, [...names, ...(extra ?? []), "stores"]);
    if (strict === true || inBlock) {
      problem(written, "unknown key", hint);
    } else {
      report.warnings.push(`${nameOf(source)}: unknown key ${written} is ignored; ${hint}`);
    }
  }

  function store(parts: readonly string[], value: unknown, written: string, leaves: Map<string, Leaf>): void {
    const key = parts.join(".");
    const named = parts[1] === "default" || parts[1] === "filepath_default";
    const objectExpected = parts.length === 1 || (parts.length === 2 && !named);
    if (parts.length > 3) {
      unknown(written, key, leaves === own);
    } else if (!objectExpected) {
      leaves.set(key, leaf(value, written, leaves));
    } else if (!isRecord(value)) {
      problem(written, `must be an object, found ${kindOf(value)}`);
    } else {
      if (leaves === shared) {
        replaces.push(key);
        if (parts.length === 2)
          for (const other of leaves.keys()) if (other.startsWith(`${key}.`)) leaves.delete(other);
      }
      if (parts.length === 2) leaves.set(key, leaf({}, written, leaves));
      for (const [name, inner] of Object.entries(value)) {
        // Joined with its parents, a name with a dot would be taken for two.
        if (name.includes(".")) problem(`${written}.${name}`, "a name inside stores must not hold a dot");
        else store([...parts, name], inner, `${written}.${name}`, leaves);
      }
    }
  }

  function walk(parts: readonly string[], value: unknown, written: string, leaves: Map<string, Leaf>): void {
    const key = parts.join(".");
    const [first = ""] = parts;
    if (first === "mortise" && leaves === shared) {
      if (parts.length > 1) walk(parts.slice(1), value, written, own);
      else nested([], value, written, own);
    } else if (first === "stores") {
      store(parts, value, written, leaves);
    } else if (names.has(key) || extra?.has(key) === true) {
      leaves.set(key, leaf(value, written, leaves));
    } else if (groups.has(key)) {
      nested(parts, value, written, leaves);
    } else {
      unknown(written, key, leaves === own);
    }
  }

  function nested(parts: readonly string[], value: unknown, written: string, leaves: Map<string, Leaf>): void {
    if (!isRecord(value)) {
      problem(written, `must be an object, found ${kindOf(value)}`);
      return;
    }
    for (const [name, inner] of Object.entries(value)) {
      walk([...parts, ...name.split(".")], inner, `${written}.${name}`, leaves);
    }
  }

  for (const [name, value] of Object.entries(record)) walk(name.split("."), value, name, shared);
  return [
    { leaves: own, replaces: [], replaceable: true },
    { leaves: shared, replaces, replaceable: true },
  ];
}
