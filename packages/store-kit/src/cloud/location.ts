import { keyProblem } from "@mortise/core";
import type { OperationSite } from "../errors.ts";
import { storeError } from "../errors.ts";

/** The prefix that a configured location means: empty, or ending in a slash. Throws `invalid-config` if no name can have it. */
export function locationPrefix(site: OperationSite, location: string): string {
  const path = location.split("/").filter(Boolean).join("/");
  if (path === "") return "";
  const problem = keyProblem(path);
  if (problem === undefined) return `${path}/`;
  throw storeError(site, "invalid-config", `the location can't be a prefix: ${problem}`, {
    hint: "write it like lab/raw",
  });
}
