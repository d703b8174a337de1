/** What the keys of one store must satisfy beyond their types; each rule may also normalise its value. */
import { ValueError } from "../../errors.ts";
import { keyProblem } from "../../keys/parse-key.ts";
import { subfoldingProblem } from "../../paths/hash-path.ts";
import { checkPartition } from "../../paths/partition.ts";
import type { SectionSpec } from "../../sections/parse-sections.ts";
import { checkSections } from "../../sections/parse-sections.ts";
import { normalizeFolder, normalizePrefix } from "../../urls/location.ts";
import { isAbsolutePath } from "../../urls/paths.ts";
import { isUrl } from "../../urls/url.ts";
import { WrongValue } from "../coerce.ts";
import { builtInProtocols } from "../keys/stores.ts";
import { shown } from "../report.ts";
import { isSecret } from "../secret.ts";
import { endpointUrl } from "./endpoint.ts";

/** A store's values while they are checked. */
export type Values = Map<string, unknown>;

export interface RuleContext {
  /** Relative folders are below it. */
  readonly directory: string;
  problem(key: string, message: string, hint?: string): void;
  warn(key: string, message: string): void;
}

function checkLocation(protocol: string, values: Values, context: RuleContext): void {
  const location = values.get("location");
  if (typeof location !== "string") return;
  if (protocol !== "file") {
    const prefix = normalizePrefix(location);
    const wrong = prefix === "" ? undefined : keyProblem(prefix);
    if (wrong === undefined) values.set("location", prefix);
    else context.problem("location", `can't be a prefix: ${wrong}`);
    return;
  }
  if (location === "") return context.problem("location", "is empty; it must be an absolute path or file:// URL");
  const folder = normalizeFolder(location, context.directory);
  if (!isUrl(location) && !isAbsolutePath(location)) {
    context.warn("location", `${shown(location)} is relative: it means ${folder}, elsewhere in other programs`);
  }
  values.set("location", folder);
}

function checkLayout(values: Values, context: RuleContext): void {
  const length = values.get("token_length");
  if (typeof length === "number" && (length < 4 || length > 16)) {
    const clamped = Math.min(16, Math.max(4, length));
    values.set("token_length", clamped);
    context.warn("token_length", `${length} is outside 4 to 16; ${clamped} is used`);
  }
  const folds = subfoldingProblem(values.get("subfolding"));
  if (folds !== undefined) context.problem("subfolding", `can't be used: ${folds}`);
  const { problem } = checkPartition(values.get("partition_pattern"));
  if (problem !== undefined) context.problem("partition_pattern", `can't be used: ${problem}`);
  const sections = checkSections(Object.fromEntries(values) as SectionSpec);
  for (const { key, message, hint } of sections.problems) context.problem(key, message, hint);
}

/** Both or neither: with neither, or both empty, the ambient credentials are used. */
function checkS3(values: Values, context: RuleContext): void {
  const [access, secret] = ["access_key", "secret_key"].map((name) => {
    const value = values.get(name);
    return isSecret(value) && value.reveal() !== "";
  });
  if (access === secret) return;
  const missing = access === true ? "secret_key" : "access_key";
  context.problem(missing, `Incomplete S3 credentials: ${missing} is missing`, "give both keys, or neither");
}

function attempt(key: string, context: RuleContext, check: () => unknown): void {
  try {
    check();
  } catch (error) {
    if (error instanceof ValueError || error instanceof WrongValue) context.problem(key, error.message);
    else throw error;
  }
}

/** Checks and normalises the values of one store in place. */
export function applyRules(protocol: string, values: Values, context: RuleContext): void {
  attempt("location", context, () => checkLocation(protocol, values, context));
  checkLayout(values, context);
  for (const name of ["bucket", "container"]) {
    if (values.get(name) === "") context.problem(name, "must not be empty");
  }
  if (protocol === "s3") checkS3(values, context);
  if (!builtInProtocols.includes(protocol)) return;
  for (const name of ["endpoint", "public_endpoint"]) {
    const endpoint = values.get(name);
    if (typeof endpoint === "string")
      attempt(name, context, () => endpointUrl(endpoint, values.get("secure") !== false));
  }
}
