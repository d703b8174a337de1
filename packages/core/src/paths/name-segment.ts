import { ValueError } from "../errors.ts";
import { keyProblem } from "../keys/parse-key.ts";

/** A name that stands in a path as one segment. Throws `ValueError` of code `invalid-name`. */
export function nameSegment(name: string, what: "schema" | "table" | "attribute"): string {
  const problem = name.includes("/") ? 'it contains "/"' : keyProblem(name);
  if (problem === undefined) return name;
  throw new ValueError("invalid-name", `the ${what} name ${JSON.stringify(name)} can't be a folder name: ${problem}`);
}
