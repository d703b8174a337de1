import type { OperationSite } from "@mortise/store-kit";
import { configError } from "../errors.ts";
import type { Authorizer } from "./contract.ts";

/** A shared access signature: a query that every request carries. Throws `invalid-config` for what is none. */
export function sharedAccessSignature(site: OperationSite, given: string): Authorizer {
  const query = given.trim().replace(/^\?/, "");
  if (!new URLSearchParams(query).has("sig")) {
    throw configError(
      site,
      "the shared access signature has no signature (sig)",
      "give the whole query that was generated: sv=…&se=…&sp=…&sig=…",
    );
  }
  return { kind: "sas", query, authorize: () => undefined };
}
