import type { CloudCall, CloudWrite, HttpResponse } from "@mortise/store-kit/cloud";
import { encodeName } from "../wire/names.ts";
import type { Wire, WireRequest } from "../wire/wire.ts";

/** What the operations on one container share. */
export interface Container {
  readonly wire: Wire;
  readonly name: string;
  /** Called when an answer shows that the account keeps versions. */
  onVersion(): void;
}

/** Sends a request on one blob; `headers` belong to the callee. */
export function sendBlob(
  { wire, name: container }: Container,
  method: WireRequest["method"],
  name: string,
  { site, signal, onSent }: CloudCall & Pick<CloudWrite, "onSent">,
  headers: Record<string, string>,
  body?: WireRequest["body"],
  query?: WireRequest["query"],
): Promise<HttpResponse> {
  return wire.send({ method, path: `/${container}/${encodeName(name)}`, query, headers, body, site, signal, onSent });
}
