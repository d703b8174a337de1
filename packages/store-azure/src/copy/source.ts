import type { CloudCall } from "@mortise/store-kit/cloud";
import type { Container } from "../objects/container.ts";
import { containerUrl } from "../sdk/clients.ts";
import type { SasSigner } from "../sdk/sas.ts";
import { encodeName } from "../wire/names.ts";

/** A signature for the source must outlive the copying of a large object. */
const signatureMs = 24 * 60 * 60_000;

/**
 * The headers by which the service reads a source in its own name: it wants a proof of its own for that, also within one
 * account. They hold a signature or token, and never leave the request.
 */
export async function sourceHeaders(
  container: Container,
  sign: SasSigner,
  blobName: string,
  call: CloudCall,
): Promise<Readonly<Record<string, string>>> {
  const { authorizer } = container.wire.account;
  const url = `${containerUrl(container)}/${encodeName(blobName)}`;
  if (authorizer.bearer !== undefined) {
    return {
      "x-ms-copy-source": url,
      "x-ms-copy-source-authorization": `Bearer ${await authorizer.bearer(call.site)}`,
    };
  }
  const query =
    authorizer.sign === undefined
      ? authorizer.query
      : await sign(call, { blobName, permissions: "r", expiresOn: new Date(Date.now() + signatureMs) });
  return { "x-ms-copy-source": `${url}?${query}` };
}
