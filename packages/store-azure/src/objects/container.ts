import { encodeName } from "../wire/names.ts";
import type { Wire } from "../wire/wire.ts";

/** What the operations on one container share. */
export interface Container {
  readonly wire: Wire;
  readonly name: string;
  /** Called when an answer shows that the account keeps versions. */
  onVersion(): void;
}

/** A blob's path on the wire, without the account's. */
export function blobPath(container: Container, name: string): string {
  return `/${container.name}/${encodeName(name)}`;
}
