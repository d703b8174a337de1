import { readFile } from "node:fs/promises";
import { ConfigError } from "../errors.ts";

/** The `code` of an error of Node, `ENOENT` for example. */
export function errnoOf(error: unknown): string {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return code ?? "";
}

/** Whether the error says that there is no such file. */
export function isAbsent(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR"].includes(errnoOf(error));
}

/** The error for a file or folder that is there and can't be read. */
export function unreadable(path: string, error: unknown): ConfigError {
  return new ConfigError("unreadable-file", `Can't read ${path}: ${errnoOf(error)}`, {
    hint: "check its owner and permissions, or set DJ_IGNORE_CONFIG_FILE=true to do without",
    cause: error,
  });
}

/** The text of a file; undefined if there is none. Throws `unreadable-file`. */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw unreadable(path, error);
  }
}
