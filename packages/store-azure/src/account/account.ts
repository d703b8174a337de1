import type { Authorizer } from "../auth/contract.ts";

/** Where an account's blobs are, and how requests to it are signed. */
export interface Account {
  /** Undefined only for a SAS at an endpoint that does not name its account. */
  readonly name: string | undefined;
  /** `https://host[:port]`. */
  readonly origin: string;
  /** Empty, or `/account` at servers that have the account in the path. */
  readonly basePath: string;
  readonly authorizer: Authorizer;
}
