import { QueryError } from "@mortise/core";
import type { Dialect } from "@mortise/sql";
import type { TableBinding } from "../context.ts";
import type { Heading } from "../heading/heading.ts";
import type { Environment } from "./environment.ts";

/** A fresh environment: aliases and bound values are counted per statement. */
export function createEnvironment(
  headings: ReadonlyMap<TableBinding, Heading>,
  dialect: Dialect,
  warn: (message: string) => void = () => undefined,
): Environment {
  let aliases = 0;
  let parameters = 0;
  return {
    headings,
    dialect,
    warn,
    alias: () => `t${aliases++}`,
    countParameter: () => {
      parameters++;
      if (parameters > dialect.traits.maxParameters)
        throw new QueryError(
          "invalid-restriction",
          `the query binds more than ${dialect.traits.maxParameters} values, the limit of one ${dialect.backend} statement`,
          { hint: "restrict by a table or query instead of a list, or ask in several parts" },
        );
    },
  };
}
