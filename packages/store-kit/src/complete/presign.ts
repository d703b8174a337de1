import type { PresignRequest, StoreCapabilities } from "@mortise/core";
import type { OperationSite } from "../errors.ts";
import { storeError } from "../errors.ts";

/** Throws `unsupported` for what can't be signed, before a key is derived or asked for. */
export function checkPresign(site: OperationSite, request: PresignRequest, { presign }: StoreCapabilities): void {
  const { method, expiresInSeconds, contentType } = request;
  if (!presign.has(method)) {
    throw storeError(site, "unsupported", `this store signs no requests of the method ${JSON.stringify(method)}`, {
      hint: `look at capabilities.presign: ${[...presign].join(", ") || "none"}`,
    });
  }
  if (!(Number.isSafeInteger(expiresInSeconds) && expiresInSeconds >= 1)) {
    throw storeError(
      site,
      "unsupported",
      `expiresInSeconds is ${expiresInSeconds}, it must be a whole number of at least 1`,
    );
  }
  if (contentType !== undefined && method !== "PUT") {
    throw storeError(site, "unsupported", `contentType is for PUT, the method is ${method}`);
  }
}
