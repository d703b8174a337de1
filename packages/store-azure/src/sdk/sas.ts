import type { UserDelegationKey } from "@azure/storage-blob";
import type { OperationSite } from "@mortise/store-kit";
import { storeError } from "@mortise/store-kit";
import type { CloudCall } from "@mortise/store-kit/cloud";
import type { Container } from "../objects/container.ts";
import { apiVersion } from "../wire/wire.ts";
import { loadSdk, serviceClient } from "./clients.ts";

/** What a signature allows, and until when. */
export interface SasRequest {
  /** One blob; undefined for all of the container. */
  readonly blobName?: string | undefined;
  /** Letters, such as `r` or `cw`. */
  readonly permissions: string;
  readonly expiresOn: Date;
}

/** Signs queries with the account's key, or with a key that the service gives to an identity. */
export type SasSigner = (call: CloudCall, request: SasRequest) => Promise<string>;

const day = 24 * 60 * 60_000;
/** Longest life of a user delegation key (https://learn.microsoft.com/rest/api/storageservices/get-user-delegation-key). */
const longestMs = 7 * day;
/** Where this clock is ahead of the server's, a key that begins now would begin later there. */
const skewMs = 15 * 60_000;

/** The signer of one container; its delegation key is kept until it is too short-lived for a signature. */
export function sasSigner(container: Container): SasSigner {
  const { name: account = "", authorizer, origin } = container.wire.account;
  let key: Promise<UserDelegationKey> | undefined;
  let keyUntil = 0;

  function delegationKey(call: CloudCall, expiresOn: Date): Promise<UserDelegationKey> {
    const needed = expiresOn.getTime();
    if (key === undefined || keyUntil < needed) {
      const now = Date.now();
      // A day more than needed, so that the next signatures need no request.
      keyUntil = Math.max(needed, Math.min(needed + day, now + longestMs - skewMs));
      const until = new Date(keyUntil);
      const from = new Date(Math.max(now - skewMs, keyUntil - longestMs));
      // Kept at once: whoever asks meanwhile must not get the old key with the new one's time.
      key = serviceClient(container, call).then((client) => client.getUserDelegationKey(from, until));
      key.catch(() => {
        key = undefined;
      });
    }
    return key;
  }

  return async (call, { blobName, permissions, expiresOn }) => {
    const sdk = await loadSdk();
    const values = {
      containerName: container.name,
      expiresOn,
      version: apiVersion,
      protocol: origin.startsWith("https:") ? sdk.SASProtocol.Https : sdk.SASProtocol.HttpsAndHttp,
    };
    const scope =
      blobName === undefined
        ? { ...values, permissions: sdk.ContainerSASPermissions.parse(permissions) }
        : { ...values, blobName, permissions: sdk.BlobSASPermissions.parse(permissions) };
    const { sign } = authorizer;
    if (sign !== undefined) {
      const credential = new sdk.StorageSharedKeyCredential(account, "");
      // The key stays where it is: only texts go to be signed.
      credential.computeHMACSHA256 = sign;
      return sdk.generateBlobSASQueryParameters(scope, credential).toString();
    }
    checkLife(call.site, expiresOn);
    return sdk.generateBlobSASQueryParameters(scope, await delegationKey(call, expiresOn), account).toString();
  };
}

function checkLife(site: OperationSite, expiresOn: Date): void {
  if (expiresOn.getTime() - Date.now() <= longestMs) return;
  throw storeError(site, "unsupported", "an identity can sign for at most 7 days", {
    hint: "ask for less, or use a key",
  });
}
