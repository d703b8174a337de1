import { nearest, type QueryError } from "@mortise/core";
import { invalidQuery, invalidRestriction, show } from "../query/errors.ts";

/** A name in a restriction that the query does not have. `otherwise` is the hint where no name is near. */
export function unknownInRestriction(name: string, known: readonly string[], otherwise?: string): QueryError {
  return invalidRestriction(
    `unknown attribute ${show(name)} in a restriction; known: ${list(known)}`,
    hint(name, known) ?? otherwise,
  );
}

/** A name anywhere else. */
export function unknownIn(what: string, name: string, known: readonly string[]): QueryError {
  return invalidQuery(`unknown attribute ${show(name)} in ${what}; known: ${list(known)}`, hint(name, known));
}

function list(known: readonly string[]): string {
  return known.length === 0 ? "none" : known.join(", ");
}

function hint(name: string, known: readonly string[]): string | undefined {
  const near = nearest(name, known);
  return near === undefined ? undefined : `did you mean "${near}"?`;
}
