/** What the service's error codes mean for a store, and what to do about each. */
import type { StoreError, StoreErrorCode } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { storeError } from "@mortise/store-kit";
import type { HttpResponse } from "@mortise/store-kit/cloud";
import { httpError } from "@mortise/store-kit/cloud";

/** Requests whose date differs more from the server's are refused (Authorize with Shared Key, "Specifying the Date header"). */
const allowedSkewMs = 15 * 60_000;

type Meaning = readonly [code: StoreErrorCode, found: string, hint?: string | undefined, retryable?: boolean];

const key =
  "look at account_key: it is refused, or belongs to another account; a shared access signature may have expired";
const right: Meaning = [
  "permission-denied",
  "the identity or signature does not allow this",
  "an identity needs the role Storage Blob Data Contributor, which Owner and Contributor do not include; a shared access " +
    "signature sp=rcwdl for the container",
];
const refused: Meaning = [
  "permission-denied",
  "the account refuses this client",
  "look at account_key, whether the account allows keys at all, and at its firewall",
];
const noUpload: Meaning = [
  "not-found",
  "there is no such upload",
  "it was completed or aborted, or the object was written meanwhile",
];
const held: Meaning = ["permission-denied", "a snapshot, lease or policy protects the object", "remove that first"];

/**
 * By error code, where the status does not say enough:
 * https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes
 */
const meanings: Readonly<Record<string, Meaning>> = {
  ContainerNotFound: [
    "invalid-config",
    "the container does not exist",
    "create it (az storage container create --name …), or correct container and account",
  ],
  BlobAlreadyExists: ["already-exists", "the object exists"],
  SourceConditionNotMet: ["precondition-failed", "the source of the copy was overwritten meanwhile", "copy again"],
  Md5Mismatch: ["checksum-mismatch", "the bytes that arrived are not those that were sent", undefined, true],
  InvalidBlockList: noUpload,
  InvalidBlobOrBlock: [
    "unsupported",
    "another program's unfinished upload of the object has block ids of another length",
    "wait until it ends, or delete the object",
  ],
  InvalidBlobType: ["unsupported", "the object is a page or append blob", "delete it first"],
  BlobArchived: ["unsupported", "the object is in the archive tier", "rehydrate it first"],
  SnapshotsPresent: held,
  LeaseIdMissing: held,
  BlobImmutableDueToPolicy: held,
  AuthorizationPermissionMismatch: right,
  AuthorizationServiceMismatch: right,
  AuthorizationResourceTypeMismatch: right,
  AuthorizationProtocolMismatch: right,
  AuthorizationFailure: refused,
  KeyBasedAuthenticationNotPermitted: refused,
  PublicAccessNotPermitted: ["unauthenticated", "the request carried no credential", key],
  InvalidAuthenticationInfo: ["unauthenticated", "the token is refused or has expired", "log in again"],
};

/** An answer that is no success; of its headers and text only codes and times are used. */
export type Refusal = Pick<HttpResponse, "status" | "headers" | "bytes">;

/** What only the answer's text and time tell apart. */
function authenticationFailed(answer: Refusal): Meaning {
  const detail = textOf(answer);
  if (/expir|signed expiry|not valid in the specified time/i.test(detail)) {
    return ["unauthenticated", "the shared access signature has expired or is not valid yet", "generate a new one"];
  }
  const skew = Math.abs(Date.parse(answer.headers["date"] ?? "") - Date.now());
  if (!(skew > allowedSkewMs || /date header/i.test(detail))) {
    return ["unauthenticated", "the signature is refused", key];
  }
  const minutes = skew > allowedSkewMs ? Math.round(skew / 60_000) : "more than 15";
  return [
    "unauthenticated",
    `the request's date is refused: this machine's clock differs from the server's by ${minutes} minutes`,
    "set the clock of this machine (NTP)",
  ];
}

/** The service's own code; undefined where something else answered. */
export function serviceCode(answer: Refusal): string | undefined {
  return answer.headers["x-ms-error-code"] ?? /<Code>(\w+)<\/Code>/.exec(textOf(answer))?.[1];
}

function textOf({ bytes }: Refusal): string {
  return bytes === undefined ? "" : new TextDecoder().decode(bytes);
}

/** The error for an answer of 300 and above. Of its text only codes are used: it may quote the request's signature. */
export function answerError(site: OperationSite, answer: Refusal): StoreError {
  const { status, headers } = answer;
  const code = serviceCode(answer);
  const requestId = headers["x-ms-request-id"];
  if (status === 404 && code === undefined) {
    // Some web server's: taken for the service's, every object would look absent.
    const hint = "look at endpoint, account_name and the path in the connection string";
    return storeError(site, "invalid-config", "what answers is not Azure Blob Storage (404)", { hint, status });
  }
  const meaning = code === "AuthenticationFailed" ? authenticationFailed(answer) : meanings[code ?? ""];
  if (meaning === undefined) return httpError(site, status, { code, requestId, retryAfter: headers["retry-after"] });
  const [kind, found, hint, retryable] = meaning;
  return storeError(site, kind, `${found} (${status} ${code})`, { hint, retryable, status, requestId });
}

/** An upload that has ended, or was never begun. */
export function unknownUpload(site: OperationSite): StoreError {
  const [code, found, hint] = noUpload;
  return storeError(site, code, found, { hint });
}

/** Options or configuration that can't be used. */
export function configError(site: OperationSite, found: string, hint: string | undefined): StoreError {
  return storeError(site, "invalid-config", found, { hint });
}
