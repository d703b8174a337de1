import { createConfig } from "../src/config/config.ts";
import type { Config } from "../src/config/contract.ts";
import type { ConfigInput } from "../src/config/load.ts";
import { type ConfigError, isMortiseError } from "../src/errors.ts";

/** Sources as a test writes them: the file's content and the secrets without their paths. */
export interface TestSources {
  readonly file?: unknown;
  readonly env?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly rest?: ConfigInput;
}

/** The input of `createConfig` for a project in `/p`. */
function inputOf({ file, env, secrets, options, rest }: TestSources): ConfigInput {
  return {
    directory: "/p",
    environment: env,
    options,
    file: file === undefined ? undefined : { path: "/p/datajoint.json", content: file },
    secrets: secrets === undefined ? undefined : { path: "/p/.secrets", values: secrets },
    ...rest,
  };
}

export function configOf(sources: TestSources): Config {
  return createConfig(inputOf(sources));
}

/** The configuration error that `action` throws; a test fails if it throws none. */
export function configErrorOf(action: () => unknown): ConfigError {
  try {
    action();
  } catch (error) {
    if (isMortiseError(error) && "problems" in error) return error as ConfigError;
    throw error;
  }
  throw new Error("expected a ConfigError, and nothing was thrown");
}

/** The messages of all problems that these sources have. */
export function problemsOf(sources: TestSources): string {
  const { problems } = configErrorOf(() => configOf(sources));
  return problems.map(({ key, source, message, hint }) => `${key} (${source}): ${message}; ${hint ?? ""}`).join("\n");
}

/** A file with one store of the name `m`. */
export function storeFile(entry: unknown): { readonly stores: Readonly<Record<string, unknown>> } {
  return { stores: { default: "m", m: entry } };
}
