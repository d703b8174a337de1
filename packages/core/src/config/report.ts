import type { ConfigProblem } from "../errors.ts";
import { ConfigError } from "../errors.ts";
import type { ConfigSource } from "./contract.ts";

/** Collects what is wrong, so that one error can say all of it. */
export interface Report {
  readonly problems: ConfigProblem[];
  readonly warnings: string[];
}

const kinds = {
  option: "options",
  environment: "environment variable",
  secret: "secret",
  file: "",
  default: "default",
};

/** A source as messages name it: `environment variable DJ_HOST`, `/p/datajoint.json`, `options`. */
export function nameOf(source: ConfigSource): string {
  return `${kinds[source.kind]} ${source.name}`.trim();
}

/** How a wrong value is shown: short, and never what could be a secret. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** What kind of JSON value was found, where the value itself may hold a secret. */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "an array" : `a ${typeof value}`;
}

function line({ key, source, message, hint }: ConfigProblem): string {
  return `${key} (${source}): ${message}${hint === undefined ? "" : `; ${hint}`}`;
}

/** Throws one `ConfigError` with every problem; returns if there is none. */
export function throwProblems(code: string, problems: readonly ConfigProblem[]): void {
  if (problems.length === 0) return;
  const head = problems.length === 1 ? "The configuration can't be used: " : "The configuration can't be used:\n  ";
  throw new ConfigError(code, head + problems.map(line).join("\n  "), {
    problems,
    hint: "correct the named sources; nothing was opened",
  });
}
