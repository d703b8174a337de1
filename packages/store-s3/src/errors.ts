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
  /** Default: what the status means; the server's own sentence follows in any case. */
  readonly found?: string | undefined;
  readonly hint?: string | undefined;
  readonly retryable?: boolean | undefined;
  /** The server says that it did nothing. */
  readonly nothingDone?: boolean | undefined;
}

const expired: Meaning = {
  code: "unauthenticated",
  found: "the session token has expired or is invalid",
  hint: "get new temporary credentials",
};
const skewed: Meaning = {
  code: "unauthenticated",
  found: "this machine's clock differs too much from the server's",
  hint: "set this machine's clock",
};
const denied: Meaning = {
  code: "permission-denied",
  found: "access is denied",
  hint:
    "allow this key s3:GetObject, s3:PutObject and s3:DeleteObject; without s3:ListBucket a missing object is answered " +
    "like this too",
};
const deniedList: Meaning = {
  code: "permission-denied",
  found: "listing is denied",
  hint: "allow this key s3:ListBucket, and s3:ListBucketMultipartUploads for open uploads",
};
const damaged: Meaning = {
  code: "checksum-mismatch",
  found: "the body that arrived is not the one that was sent",
  hint: "send it again; if it stays, look at proxies",
  retryable: true,
  nothingDone: true,
};
const full: Meaning = { code: "quota-exceeded", hint: "raise the quota, or delete objects" };
const slow: Meaning = { code: "rate-limited", found: "the server asks for fewer requests" };
const conflict: Meaning = {
  code: "unavailable",
  found: "another write is under way",
  nothingDone: true,
};
/** Of servers over file systems; they answer 409, which otherwise means to try again. */
const inTheWay: Meaning = {
  code: "invalid-key",
  found: "an object is in the way",
  hint: "this server keeps no object below another",
};
/** versitygw says the same when the folder of the object is deleted at that moment, so another attempt decides. */
const perhapsInTheWay: Meaning = { ...inTheWay, retryable: true, nothingDone: true };
const noUpload: Meaning = {
  code: "not-found",
  found: "there is no such upload: perhaps it was completed or aborted",
};

/** Codes that say more than the status they come with. */
const meanings: Readonly<Record<string, Meaning>> = {
  NoSuchUpload: noUpload,
  InvalidAccessKeyId: {
    code: "unauthenticated",
    found: "the server does not know the access key",
    hint: "look at access_key and endpoint",
  },
  SignatureDoesNotMatch: {
    code: "unauthenticated",
    found: "the signature does not match",
    hint: "look at secret_key, and at proxies",
  },
  ExpiredToken: expired,
  InvalidToken: expired,
  RequestTimeTooSkewed: skewed,
  RequestExpired: skewed,
  AccessDenied: denied,
  InvalidObjectState: { code: "permission-denied", hint: "restore the object first" },
  EntityTooLarge: { code: "quota-exceeded", hint: "use smaller objects or parts" },
  QuotaExceeded: full,
  XMinioAdminBucketQuotaExceeded: full,
  XMinioStorageFull: full,
  BadDigest: damaged,
  XAmzContentChecksumMismatch: damaged,
  XAmzContentSHA256Mismatch: damaged,
  IncompleteBody: { ...damaged, code: "unavailable" },
  KeyTooLongError: { code: "invalid-key", hint: "1024 bytes are allowed, the location included" },
  XMinioInvalidObjectName: { code: "invalid-key" },
  XMinioParentIsObject: inTheWay,
  ExistingObjectIsDirectory: perhapsInTheWay,
  ObjectParentIsFile: inTheWay,
  MetadataTooLarge: { code: "unsupported", hint: "2 KB are allowed, names included" },
  SlowDown: slow,
  SlowDownRead: slow,
  SlowDownWrite: slow,
  ConditionalRequestConflict: conflict,
  OperationAborted: conflict,
  RequestTimeout: { code: "timeout", nothingDone: true },
  NotImplemented: { code: "unsupported", hint: 'checksum_mode "required" sends the fewest headers' },
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
  const refused = status === 412 || status === 304;
  if (condition === "create" && refused) return { code: "already-exists", found: "the object exists" };
  if (refused) return { code: "precondition-failed", found: "the object was overwritten meanwhile" };
  const absent = status === 404 && (code === "NoSuchKey" || (code === undefined && about !== "upload"));
  if (condition === "ifMatch" && absent) {
    return { code: "precondition-failed", found: "the object is not there" };
  }
  return undefined;
}

/** Answers that mean another host or region; what they name is told, never followed. */
function regionMeaning({ bucket, endpoint }: ErrorSite, { status, code, region }: Problem): Meaning | undefined {
  const malformed = code === "AuthorizationHeaderMalformed";
  const moved = (status >= 300 && status < 400) || code === "PermanentRedirect";
  if (!moved && !malformed) return undefined;
  return {
    code: "invalid-config",
    found: moved
      ? `${endpoint} sends on to another address; redirects are not followed`
      : `bucket "${bucket}" is in another region than the one requests are signed for`,
    hint:
      region === undefined
        ? "set the endpoint and region that the bucket has"
        : `set "region" to "${region}", and the endpoint to that region's`,
  };
}

function codeMeaning({ bucket, endpoint, about }: ErrorSite, { status, code, foreign }: Problem): Meaning | undefined {
  if (code === "NoSuchBucket") {
    return {
      code: "invalid-config",
      found: `bucket "${bucket}" does not exist at ${endpoint}`,
      hint: "create the bucket, or correct bucket and endpoint",
    };
  }
  if (code === "AccessDenied" && about === "list") return deniedList;
  if (code !== undefined) return Object.hasOwn(meanings, code) ? meanings[code] : undefined;
  if (foreign && status < 500 && status !== 429) {
    return {
      code: "protocol",
      found: `what ${endpoint} answers is no S3`,
      hint: "give the endpoint of the server, not of its console or a proxy",
    };
  }
  // No code and no body: the answers to HEAD.
  if (status === 404 && about === "upload") return noUpload;
  if (status === 403) return about === "list" ? deniedList : denied;
  return undefined;
}

/** An answer that says success and can't be one, because it lacks something. */
export function brokenAnswer(site: OperationSite, lacking: string, status?: number): StoreError {
  return storeError(site, "protocol", `the server says success, but its answer lacks ${lacking}`, {
    status,
    hint: "look whether a proxy is between this endpoint and the server",
  });
}
