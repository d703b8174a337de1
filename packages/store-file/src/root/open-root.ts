import { accessSync, constants } from "node:fs";
import { isMortiseError, toPath } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { storeError } from "@mortise/store-kit";
import { codeOf, realpath, stat } from "../syscalls.ts";

/** The folder that `location` names, with its links resolved. Throws `invalid-config` unless it can be read as a folder. */
export async function openRoot(site: OperationSite, location: string): Promise<string> {
  const path = locationPath(site, location);
  try {
    const root = await realpath(path);
    if (!(await stat(root)).isDirectory()) throw unusable(site, path, "is a file, a folder is needed");
    accessSync(root, constants.R_OK | constants.X_OK);
    return root;
  } catch (error) {
    if (isMortiseError(error)) throw error;
    const code = codeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") throw unusable(site, path, "does not exist", error);
    if (code === "EACCES" || code === "EPERM") throw unusable(site, path, "may not be read by this user", error);
    throw unusable(site, path, `can't be opened: ${error instanceof Error ? error.message : String(error)}`, error);
  }
}

function locationPath(site: OperationSite, location: unknown): string {
  if (typeof location !== "string" || location === "") {
    throw storeError(
      site,
      "invalid-config",
      `location is ${JSON.stringify(location)}, it must be an absolute path or a file:// URL`,
    );
  }
  try {
    return toPath(location);
  } catch (cause) {
    throw storeError(site, "invalid-config", `location is ${JSON.stringify(location)}: ${(cause as Error).message}`, {
      cause,
      hint: "give an absolute path such as /data/lab, or a URL such as file:///data/lab",
    });
  }
}

function unusable(site: OperationSite, path: string, found: string, cause?: unknown): Error {
  return storeError(site, "invalid-config", `the location "${path}" ${found}`, {
    cause,
    hint: "a store's folder is never created, so that a missing mount is not taken for an empty store: create or mount it",
  });
}
