/**
 * What the codes of S3 mean for a store, and what to do about each.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
import type { StoreError, StoreErrorCode } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { storeError } from "@mortise/store-kit";
import type { HttpResponse } from "@mortise/store-kit/cloud";
import { httpError } from "@mortise/store-kit/cloud";
import type { Problem } from "./wire/problem.ts";
import { readProblem } from "./wire/problem.ts";

/** What a request was about: the same answer means different things to a write, a copy and a listing. */
export interface ErrorSite {
  readonly site: OperationSite;
  readonly bucket: string;
  readonly endpoint: string;
  /** What the request asked for, for answers that a code does not explain. */
  readonly about: "object" | "list" | "upload";
  /** The condition that the request had; `source`: that of the object that is copied. */
  readonly condition?: "create" | "ifMatch" | "source" | undefined;
  readonly redact: (text: string) => string;
}

interface Meaning {
  readonly code: StoreErrorCode;
  readonly found: string;
  readonly hint?: string | undefined;
  readonly retryable?: boolean | undefined;
  /** The server says that it did nothing. */
  readonly nothingDone?: boolean | undefined;
}

const keys: Meaning = {
  code: "unauthenticated",
  found: "the server does not know the access key",
  hint: "look at access_key, and whether it belongs to this endpoint",
};
const expired: Meaning = {
  code: "unauthenticated",
  found: "the session token has expired or is invalid",
  hint: "get new temporary credentials; with those of the environment this happens by itself",
};
const signature: Meaning = {
  code: "unauthenticated",
  found: "the signature does not match",
  hint: "look at secret_key; also a proxy that changes host, path or headers does this",
};
const denied: Meaning = {
  code: "permission-denied",
  found: "access is denied",
  hint: "let this key read, write and delete objects of the bucket (s3:GetObject, s3:PutObject, s3:DeleteObject); without s3:ListBucket also an object that is missing is answered so",
};
const deniedList: Meaning = {
  code: "permission-denied",
  found: "listing the bucket is denied",
  hint: "let this key list the bucket (s3:ListBucket, and s3:ListBucketMultipartUploads for open uploads); reading and writing single objects needs neither",
};
const damaged: Meaning = {
  code: "checksum-mismatch",
  found: "the body that arrived is not the one that was sent; the server refused it",
  hint: "send it again; if it stays, look at proxies and the memory of this machine",
  retryable: true,
  nothingDone: true,
};
const noUpload: Meaning = {
  code: "not-found",
  found: "there is no such upload: it was completed, aborted or never begun",
};
const slow: Meaning = { code: "rate-limited", found: "the server asks for fewer requests" };
const conflict: Meaning = {
  code: "unavailable",
  found: "another write of this object is under way",
  nothingDone: true,
};
const skewed: Meaning = {
  code: "unauthenticated",
  found: "the clocks of this machine and the server differ too much",
  hint: "set this machine's clock; the server refuses requests that are more than 15 minutes off",
};

const meanings: Readonly<Record<string, Meaning>> = {
  NoSuchKey: { code: "not-found", found: "there is no such object" },
  NoSuchVersion: { code: "not-found", found: "there is no such version of the object" },
  NoSuchUpload: noUpload,
  InvalidAccessKeyId: keys,
  InvalidSecurity: keys,
  SignatureDoesNotMatch: signature,
  ExpiredToken: expired,
  InvalidToken: expired,
  TokenRefreshRequired: expired,
  RequestTimeTooSkewed: skewed,
  RequestExpired: skewed,
  AccessDenied: denied,
  AllAccessDisabled: denied,
  AccountProblem: { code: "permission-denied", found: "the account has a problem", hint: "ask the provider" },
  InvalidObjectState: {
    code: "permission-denied",
    found: "the object is archived",
    hint: "restore it from its archive class first",
  },
  InvalidRange: { code: "invalid-range", found: "the range begins past the end of the object" },
  EntityTooLarge: {
    code: "quota-exceeded",
    found: "the object or part is larger than the server takes",
    hint: "5 TiB an object and 5 GiB a part at Amazon's; other servers may set less",
  },
  QuotaExceeded: { code: "quota-exceeded", found: "the bucket's quota is used up", hint: "raise it or delete objects" },
  XMinioAdminBucketQuotaExceeded: {
    code: "quota-exceeded",
    found: "the bucket's quota is used up",
    hint: "raise it or delete objects",
  },
  XMinioStorageFull: { code: "quota-exceeded", found: "the server's disks are full", hint: "free space on the server" },
  BadDigest: damaged,
  XAmzContentChecksumMismatch: damaged,
  XAmzContentSHA256Mismatch: damaged,
  InvalidDigest: damaged,
  IncompleteBody: { ...damaged, code: "unavailable", found: "the body was cut off on its way" },
  KeyTooLongError: { code: "invalid-key", found: "the key is too long", hint: "1024 bytes, the location included" },
  XMinioInvalidObjectName: { code: "invalid-key", found: "the server takes no such key" },
  XMinioParentIsObject: {
    code: "invalid-key",
    found: "this server keeps objects in folders, and another object is where a folder must be",
    hint: "choose another key",
  },
  MetadataTooLarge: { code: "unsupported", found: "the metadata is too large", hint: "2 KB in all, names included" },
  MissingContentLength: { code: "protocol", found: "the server says that no length was sent" },
  InvalidPart: { code: "protocol", found: "a part is missing or not the one that was sent" },
  InvalidPartOrder: { code: "protocol", found: "the parts are not in order" },
  EntityTooSmall: { code: "protocol", found: "a part other than the last is smaller than 5 MiB" },
  SlowDown: slow,
  SlowDownRead: slow,
  SlowDownWrite: slow,
  TooManyRequests: slow,
  RequestLimitExceeded: slow,
  ConditionalRequestConflict: conflict,
  OperationAborted: conflict,
  RequestTimeout: { code: "timeout", found: "the server waited too long for the body", nothingDone: true },
  InternalError: { code: "unavailable", found: "the server reports an error of its own" },
  ServiceUnavailable: { code: "unavailable", found: "the server is not available now" },
  NotImplemented: {
    code: "unsupported",
    found: "the server does not have this operation or header",
    hint: 'look at what the server\'s documentation says; checksum_mode "required" sends the fewest headers',
  },
  InvalidBucketName: { code: "invalid-config", found: "the server takes no such bucket name" },
  AuthorizationHeaderMalformed: { code: "invalid-config", found: "the request was signed for another region" },
};

/** The store error for an answer that is no success, whose body was read or freed. */
export function s3Error(at: ErrorSite, response: HttpResponse): StoreError {
  return problemError(at, readProblem(response), response.headers["retry-after"]);
}

/** The store error for one name of a request for several. */
export function errorOfCode(at: ErrorSite, code: string | undefined, message: string | undefined): StoreError {
  return problemError(at, { status: code === "AccessDenied" ? 403 : 500, code, message, foreign: false }, undefined);
}

function problemError(at: ErrorSite, problem: Problem, retryAfter: string | undefined): StoreError {
  const meaning = conditionMeaning(at, problem) ?? regionMeaning(at, problem) ?? codeMeaning(at, problem);
  return httpError(at.site, problem.status, {
    code: problem.code,
    message: problem.message === undefined ? undefined : at.redact(problem.message).slice(0, 300),
    requestId: problem.requestId,
    retryAfter,
    storeCode: meaning?.code,
    found: meaning?.found,
    hint: meaning?.hint,
    retryable: meaning?.retryable,
    notSent: meaning?.nothingDone,
  });
}

/** 412 is the refusal of a condition; 304 is what some servers say instead, and 404 where If-Match finds nothing. */
function conditionMeaning({ condition, about }: ErrorSite, { status, code }: Problem): Meaning | undefined {
  const refused = status === 412 || status === 304 || (status === 409 && code === "PreconditionFailed");
  if (condition === "create" && refused) return { code: "already-exists", found: "the object exists" };
  if (refused) return { code: "precondition-failed", found: "the object was overwritten or removed meanwhile" };
  const absent = status === 404 && (code === "NoSuchKey" || (code === undefined && about !== "upload"));
  if (condition === "ifMatch" && absent) {
    return { code: "precondition-failed", found: "the object is not there" };
  }
  return undefined;
}

/** Answers that mean another host or region; what they name is told, never followed. */
function regionMeaning({ bucket, endpoint }: ErrorSite, { status, code, region }: Problem): Meaning | undefined {
  const malformed = code === "AuthorizationHeaderMalformed" || code === "IllegalLocationConstraintException";
  const moved = status >= 300 && status < 400 && status !== 304;
  if (!moved && !(malformed && region !== undefined) && code !== "PermanentRedirect") return undefined;
  const right = region === undefined ? undefined : `set "region" to "${region}"`;
  return {
    code: "invalid-config",
    found: malformed
      ? `bucket "${bucket}" is in another region than the requests are signed for`
      : `${endpoint} sends on to another address; redirects are not followed, since they could take the keys elsewhere`,
    hint:
      right === undefined
        ? "give the endpoint that has the bucket; for one of Amazon's set its region too"
        : `${right}, and the endpoint to that region's if it names another`,
  };
}

function codeMeaning(at: ErrorSite, { status, code, foreign }: Problem): Meaning | undefined {
  const { bucket, endpoint, about } = at;
  if (code === "NoSuchBucket") {
    return {
      code: "invalid-config",
      found: `bucket "${bucket}" does not exist at ${endpoint}`,
      hint: "create the bucket, or correct bucket and endpoint",
    };
  }
  if (code === "AccessDenied" && about === "list") return deniedList;
  const known = code !== undefined && Object.hasOwn(meanings, code) ? meanings[code] : undefined;
  if (known !== undefined) return known;
  if (code === undefined && foreign && status < 500 && status !== 429) {
    return {
      code: "protocol",
      found: `what ${endpoint} answers is no S3`,
      hint: "look at the endpoint: its host, port and scheme must be those of an S3 server, not of its console or a proxy",
    };
  }
  if (code !== undefined) return undefined;
  return bareMeaning(at, status);
}

/** Answers without a code: those to HEAD, which have no body. */
function bareMeaning({ about }: ErrorSite, status: number): Meaning | undefined {
  if (status === 404) return about === "upload" ? noUpload : { code: "not-found", found: "there is no such object" };
  if (status === 403) return about === "list" ? deniedList : denied;
  if (status === 400) {
    return {
      code: "unknown",
      found: "the server refuses the request without a reason",
      hint: "the region may be wrong, or a session token may have expired: a get of the same key says more",
    };
  }
  if (status === 416) return meanings["InvalidRange"];
  return undefined;
}

/** An answer that says success and can't be one. */
export function brokenAnswer(site: OperationSite, found: string, status?: number): StoreError {
  return storeError(site, "protocol", found, {
    status,
    hint: "a proxy, or a server that does not keep to the S3 API, may be at this endpoint",
  });
}
