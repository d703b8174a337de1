import type { PresignedRequest, PresignRequest } from "@mortise/core";
import type { CloudCall } from "@mortise/store-kit/cloud";
import type { Container } from "../objects/container.ts";
import { encodeName } from "../wire/names.ts";
import type { SasSigner } from "./sas.ts";

/** Permissions of a service SAS: a write is "create" and "write", or it could only make new objects. */
const permissions: Readonly<Record<PresignRequest["method"], string>> = { GET: "r", HEAD: "r", PUT: "cw", DELETE: "d" };

/** A signed URL for one blob. A SAS binds neither headers nor bytes: `contentType` is what the sender is asked to say. */
export async function presignBlob(
  container: Container,
  sign: SasSigner,
  publicOrigin: string | undefined,
  name: string,
  request: PresignRequest,
  call: CloudCall,
): Promise<PresignedRequest> {
  const { method, contentType, expiresInSeconds } = request;
  // The service cuts fractions off.
  const expiresOn = new Date(Math.ceil(Date.now() / 1000 + expiresInSeconds) * 1000);
  const query = await sign(call, {
    blobName: name,
    permissions: permissions[method],
    expiresOn,
  });
  const { origin, basePath } = container.wire.account;
  const headers: Record<string, string> = method === "PUT" ? { "x-ms-blob-type": "BlockBlob" } : {};
  if (contentType !== undefined) headers["content-type"] = contentType;
  return {
    method,
    url: `${publicOrigin ?? origin}${basePath}/${container.name}/${encodeName(name)}?${query}`,
    headers,
    expiresAt: expiresOn,
  };
}
