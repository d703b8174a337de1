import type { OperationSite } from "@mortise/store-kit";

/** A request as its signature sees it. */
export interface Signable {
  readonly method: string;
  /** As it goes on the wire, without query. */
  readonly path: string;
  /** Decoded, sorted by name. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** Lower-case names; `authorization` is added here. */
  readonly headers: Record<string, string>;
  /** Bytes of the body; 0 for none. */
  readonly length: number;
  /** For errors. */
  readonly site: OperationSite;
}

/** How the requests to one account prove who asks. */
export interface Authorizer {
  readonly kind: "sharedKey" | "sas" | "token";
  /** Goes at the end of every query: a SAS, else empty. */
  readonly query: string;
  /** Adds `authorization`; a promise only where a token has to be fetched first. */
  authorize(request: Signable): Promise<void> | undefined;
  /** With an account's key: signs any text, such as that of a SAS. */
  readonly sign?: ((text: string) => string) | undefined;
  /** With tokens: the one to use now. */
  bearer?(site: OperationSite): Promise<string>;
  /** What the server refused is not used again. */
  refused?(): void;
}
