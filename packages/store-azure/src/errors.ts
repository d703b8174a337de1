/** What the service's error codes mean for a store, and what to do about each. */
import type { StoreError, StoreErrorCode } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { storeError } from "@mortise/store-kit";
import type { HttpResponse } from "@mortise/store-kit/cloud";
import { httpError } from "@mortise/store-kit/cloud";

/** Requests whose date differs more from the server's are refused (Authorize with Shared Key, "Specifying the Date header"). */
const allowedSkewMs = 15 * 60_000;

const roleHint =
  "give the identity the role Storage Blob Data Contributor on the container; Owner and Contributor do not include it";
const sasHint = "the signature must allow read, create, write, delete and list (sp=rcwdl), on the container (sr=c)";
const container =
  "create it (az storage container create --name …), or correct container and account; it is never created here";

type Meaning = readonly [code: StoreErrorCode, found: string, hint?: string | undefined, retryable?: boolean];

const stale: Meaning = ["precondition-failed", "the object is not the one that the condition names any more"];
const gone: Meaning = ["not-found", "there is no such object"];
const noUpload: Meaning = [
  "not-found",
  "a block of the upload is not there: it was completed, overwritten or discarded",
  "begin the upload again; another upload or write of the same object discards the blocks of this one",
];
const busy: Meaning = [
  "unavailable",
  "the service is busy or did not finish in time",
  "reduce concurrency if it stays",
];
const badKey = "look at account_key: it is refused, or belongs to another account";

const wrongKey: Meaning = [
  "unauthenticated",
  "the signature is refused",
  `${badKey}; a shared access signature may have expired`,
];

/** By error code: https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes */
const meanings: Readonly<Record<string, Meaning>> = {
  BlobNotFound: gone,
  ResourceNotFound: gone,
  ContainerNotFound: ["invalid-config", "the container does not exist", container],
  ContainerBeingDeleted: ["invalid-config", "the container is being deleted", container],
  ContainerDisabled: ["permission-denied", "the container was disabled by the administrator"],
  InvalidResourceName: [
    "invalid-config",
    "the container's name is refused",
    "3 to 63 lower-case letters, digits and single hyphens",
  ],
  BlobAlreadyExists: ["already-exists", "the object exists"],
  ConditionNotMet: stale,
  TargetConditionNotMet: stale,
  SourceConditionNotMet: ["precondition-failed", "the source of the copy was overwritten meanwhile", "copy again"],
  CannotVerifyCopySource: ["not-found", "the source of the copy can't be read", "look whether it still exists"],
  InvalidRange: ["invalid-range", "the range begins at or past the object's end"],
  Md5Mismatch: [
    "checksum-mismatch",
    "the bytes that arrived have another MD5 than was sent with them",
    undefined,
    true,
  ],
  InvalidMd5: ["checksum-mismatch", "the MD5 that was given is none"],
  Crc64Mismatch: [
    "checksum-mismatch",
    "the bytes that arrived have another CRC64 than was sent with them",
    undefined,
    true,
  ],
  InvalidBlockList: noUpload,
  InvalidBlockId: noUpload,
  InvalidBlobOrBlock: [
    "unsupported",
    "another program's unfinished upload of the same object has block ids of another length",
    "wait until it ends, delete the object, or let the service discard its blocks after a week",
  ],
  BlockCountExceedsLimit: [
    "quota-exceeded",
    "the object has too many unfinished blocks",
    "they are discarded after a week",
  ],
  BlockListTooLong: ["unsupported", "an object has at most 50 000 parts"],
  RequestBodyTooLarge: ["unsupported", "the body is larger than the service takes in one request"],
  MetadataTooLarge: ["unsupported", "the metadata is larger than 8 KiB"],
  InvalidMetadata: ["unsupported", "the metadata is refused"],
  EmptyMetadataKey: ["unsupported", "a metadata name is empty"],
  InvalidBlobType: ["unsupported", "the object is a page or append blob", "delete it first, or use another key"],
  BlobArchived: [
    "unsupported",
    "the object is in the archive tier",
    "rehydrate it to the hot or cool tier, then read it",
  ],
  BlobBeingRehydrated: ["unavailable", "the object is being brought back from the archive tier"],
  SnapshotsPresent: [
    "permission-denied",
    "the object has snapshots, which would be lost",
    "delete its snapshots first",
  ],
  LeaseIdMissing: [
    "permission-denied",
    "somebody holds a lease on the object",
    "break the lease, or wait until it ends",
  ],
  BlobImmutableDueToPolicy: ["permission-denied", "an immutability policy or legal hold protects the object"],
  BlobAccessTierNotSupportedForAccountType: ["unsupported", "the account's type does not take it"],
  AuthorizationPermissionMismatch: [
    "permission-denied",
    "the identity or signature lacks the permission",
    `${roleHint}; of a signature: ${sasHint}`,
  ],
  AuthorizationServiceMismatch: ["permission-denied", "the signature is not for Blob Storage (ss=b)", sasHint],
  AuthorizationResourceTypeMismatch: [
    "permission-denied",
    "the signature is not for this kind of resource (srt=co)",
    sasHint,
  ],
  AuthorizationProtocolMismatch: ["permission-denied", "the signature allows https only", "use an https endpoint"],
  AuthorizationSourceIPMismatch: ["permission-denied", "the signature does not allow this machine's address"],
  AuthorizationFailure: [
    "permission-denied",
    "the account refuses this client",
    "look at account_key, at the account's firewall and virtual networks, and whether the account allows key access",
  ],
  InsufficientAccountPermissions: [
    "permission-denied",
    "the account's key may not do this",
    "look at the account's settings",
  ],
  KeyBasedAuthenticationNotPermitted: [
    "permission-denied",
    "the account does not allow its keys to be used",
    "leave account_key out and log in with an identity, or allow key access in the account's settings",
  ],
  PublicAccessNotPermitted: ["unauthenticated", "the request carried no credential", badKey],
  NoAuthenticationInformation: ["unauthenticated", "the request carried no credential", badKey],
  InvalidAuthenticationInfo: [
    "unauthenticated",
    "the token is refused or has expired",
    "log in again; look at the tenant",
  ],
  AccountIsDisabled: ["permission-denied", "the account is disabled", "look at the subscription in the portal"],
  ServerBusy: busy,
  OperationTimedOut: busy,
  InternalError: ["unavailable", "the service reports an internal error"],
  TooManyRequests: ["rate-limited", "the service wants fewer requests"],
  FeatureVersionMismatch: ["unsupported", "the account has data of a newer service version"],
  UnsupportedHeader: ["unsupported", "the server does not know a header that was sent"],
  FeatureNotYetSupportedForHierarchicalNamespaceAccounts: [
    "unsupported",
    "accounts with a hierarchical namespace can't do this",
  ],
};

/** An answer that is no success; of its headers and text only codes and times are used. */
export type Refusal = Pick<HttpResponse, "status" | "headers" | "bytes">;

/** What only the answer's text and time tell apart. */
function authenticationFailed({ headers }: Refusal, detail: string): Meaning {
  if (/expir|signed expiry|not valid in the specified time/i.test(detail)) {
    return ["unauthenticated", "the shared access signature has expired or is not valid yet", "generate a new one"];
  }
  const skew = Math.abs(Date.parse(headers["date"] ?? "") - Date.now());
  if (!(skew > allowedSkewMs || /date header/i.test(detail))) return wrongKey;
  const minutes = skew > allowedSkewMs ? Math.round(skew / 60_000) : "more than 15";
  return [
    "unauthenticated",
    `the request's date is refused: this machine's clock differs from the server's by ${minutes} minutes`,
    "set the clock of this machine (NTP)",
  ];
}

/** The service's own code; undefined where something else answered. */
export function serviceCode({ headers, bytes }: Refusal): string | undefined {
  return headers["x-ms-error-code"] ?? /<Code>(\w+)<\/Code>/.exec(textOf(bytes))?.[1];
}

function textOf(bytes: Refusal["bytes"]): string {
  return bytes === undefined ? "" : new TextDecoder().decode(bytes);
}

/** The error for an answer of 300 and above. Of its text only codes are used: it may quote the request's signature. */
export function answerError(site: OperationSite, answer: Refusal): StoreError {
  const code = serviceCode(answer);
  const requestId = answer.headers["x-ms-request-id"];
  const retryAfterMs = retryAfter(answer.headers);
  const meaning =
    code === "AuthenticationFailed" ? authenticationFailed(answer, textOf(answer.bytes)) : meanings[code ?? ""];
  if (meaning === undefined) {
    if (answer.status === 404 && code === undefined) return noService(site, requestId);
    return httpError(site, answer.status, { code, requestId, retryAfter: answer.headers["retry-after"] });
  }
  const [kind, found, hint, retryable] = meaning;
  return storeError(site, kind, `${found} (${answer.status} ${code})`, {
    hint,
    retryable,
    status: answer.status,
    requestId,
    retryAfterMs,
  });
}

/** A 404 without a code is some web server's: taken for the service's, every object would look absent. */
function noService(site: OperationSite, requestId: string | undefined): StoreError {
  return storeError(site, "invalid-config", "what answers at the endpoint is not Azure Blob Storage (404)", {
    hint: "look at endpoint, account_name and the path in the connection string",
    status: 404,
    requestId,
  });
}

/** Milliseconds that a busy server asks to wait. */
function retryAfter(headers: HttpResponse["headers"]): number | undefined {
  const ms = Number(headers["x-ms-retry-after-ms"] ?? Number(headers["retry-after"] ?? Number.NaN) * 1000);
  return Number.isFinite(ms) && ms >= 0 ? ms : undefined;
}

/** Options or configuration that can't be used. */
export function configError(site: OperationSite, found: string, hint: string | undefined): StoreError {
  return storeError(site, "invalid-config", found, { hint });
}
