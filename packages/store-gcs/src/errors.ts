/** What Google's answers mean for a store, and what to do about each (https://cloud.google.com/storage/docs/json_api/v1/status-codes). */
import type { Bytes, PutMode, StoreError, StoreErrorCode } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { safeCause, storeError } from "@mortise/store-kit";
import type { HttpErrorDetails, HttpResponse } from "@mortise/store-kit/cloud";
import { httpError } from "@mortise/store-kit/cloud";

/** What was asked, as far as it decides what a refusal means. */
export interface Asked {
  readonly site: OperationSite;
  /** Of a write. */
  readonly mode?: PutMode | undefined;
  /** The digest in the request is the caller's promise, so that the same bytes are refused again. */
  readonly promised?: boolean | undefined;
  /** A session of a resumable upload was addressed, not an object; or a `new` one was asked for. */
  readonly session?: true | "new" | undefined;
}

/** What Google says in an error's body: JSON from the JSON API, XML from the XML API, sometimes plain text. */
interface Told {
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
}

type Meaning = readonly [code: StoreErrorCode, hint?: string | undefined, retryable?: boolean];

const grant =
  "grant the account a role on the bucket that includes it, for example Storage Object User (roles/storage.objectUser)";
const renew = "renew the credentials: `gcloud auth application-default login`, or another key file in `token`";
const bill = "set `project` to the project that is to be billed: the bucket's requester pays";
const faster = "spread the writes over more objects: one object takes about one write a second";

/** Reasons of the JSON API, which stand in the answer's body. */
const reasons: Readonly<Record<string, Meaning>> = {
  rateLimitExceeded: ["rate-limited", faster, true],
  userRateLimitExceeded: ["rate-limited", undefined, true],
  quotaExceeded: ["quota-exceeded", "raise the project's quota, or wait until it is reset"],
  dailyLimitExceeded: ["quota-exceeded", "raise the project's quota, or wait until it is reset"],
  accountDisabled: ["permission-denied", "enable billing for the project that owns the bucket"],
  sslRequired: ["invalid-config", "write https:// in the endpoint"],
  retentionPolicyNotMet: [
    "permission-denied",
    "the bucket's retention policy keeps the object: wait, or change the policy",
  ],
  objectUnderActiveHold: ["permission-denied", "the object is under a hold: release it first"],
  uploadTooLarge: ["unsupported", "one object has at most 5 TiB"],
  UserProjectMissing: ["invalid-config", bill],
  userProjectMissing: ["invalid-config", bill],
  userProjectAccountProblem: ["invalid-config", "look at the billing account of the project that `project` names"],
};

const noBucket = "create the bucket, or correct `bucket`; names of buckets are global and have no gs:// in front";

/** The store error for an answer that is no success. `body` is the answer's, which says more than its status. */
export function answerError(asked: Asked, answer: HttpResponse, body: Bytes | undefined): StoreError {
  const { site } = asked;
  const { status, headers } = answer;
  const told = readTold(headers["content-type"], body);
  const details: HttpErrorDetails = {
    code: withoutSecrets(told.reason),
    message: withoutSecrets(told.message),
    // Of a session it is the upload_id, with which anybody may write the object for a week.
    requestId: asked.session === undefined ? headers["x-guploader-uploadid"] : undefined,
    retryAfter: headers["retry-after"],
    ...meaningOf(asked, status, headers["location"], told),
  };
  return httpError(site, status, details);
}

function meaningOf(asked: Asked, status: number, location: string | undefined, told: Told): HttpErrorDetails {
  const { reason = "", message = "" } = told;
  const known = Object.hasOwn(reasons, reason) ? reasons[reason] : undefined;
  if (known !== undefined) return { storeCode: known[0], hint: known[1], retryable: known[2] };
  if (status === 412 || status === 304) return refused(asked.mode);
  if (status === 404 || status === 410 || status === 499) return missing(asked, message);
  if (status === 401) return { storeCode: "unauthenticated", hint: renew };
  if (status === 403) return denied(message);
  if (status === 400) return malformed(asked, message);
  if (status >= 300 && status < 400) return redirected(location);
  return {};
}

/** A condition did not hold: what that is called depends on who set it. */
function refused(mode: PutMode | undefined): HttpErrorDetails {
  return { storeCode: mode === "create" ? "already-exists" : "precondition-failed", retryable: false };
}

function missing(asked: Asked, message: string): HttpErrorDetails {
  if (/bucket does not exist|NoSuchBucket/i.test(message)) return { storeCode: "invalid-config", hint: noBucket };
  if (asked.session !== true) return {};
  return {
    storeCode: "not-found",
    hint: "the upload was completed or aborted, or its session is older than a week: start the upload again",
  };
}

function denied(message: string): HttpErrorDetails {
  if (/requester pays|user project/i.test(message)) return { storeCode: "invalid-config", hint: bill };
  if (/anonymous caller/i.test(message)) {
    return {
      hint: "the bucket is not public: set `token` to a key file, or leave it out for credentials of the environment",
    };
  }
  const permission = /\b(?:storage|serviceusage|iam)\.\w+\.\w+/.exec(message)?.[0];
  return { hint: permission === undefined ? grant : `the permission ${permission} is missing: ${grant}` };
}

function malformed(asked: Asked, message: string): HttpErrorDetails {
  if (/(?:md5|crc32c)[^]*(?:match|mismatch)/i.test(message)) {
    const promised = asked.promised === true;
    return {
      storeCode: "checksum-mismatch",
      // A session ends with its refusal: asked again it would not be there.
      retryable: !promised && asked.session === undefined,
      notSent: true,
      hint: promised
        ? "the bytes are not those that were promised: look at the source of the digest"
        : "the bytes were damaged on their way; nothing was written",
    };
  }
  if (/requester pays|user project/i.test(message)) return { storeCode: "invalid-config", hint: bill };
  if (/invalid bucket name/i.test(message)) return { storeCode: "invalid-config", hint: noBucket };
  if (/invalid_grant|token/i.test(message)) return { storeCode: "unauthenticated", hint: renew };
  return {};
}

function redirected(location: string | undefined): HttpErrorDetails {
  const origin = location !== undefined && URL.canParse(location) ? new URL(location).origin : undefined;
  return {
    storeCode: "invalid-config",
    retryable: false,
    ...(origin === undefined ? {} : { message: `to ${origin}` }),
    hint: "redirects are never followed: set `endpoint` to the server itself, not to a proxy or sign-in page before it",
  };
}

/** Whoever answers may quote the request: its address, which names an upload's session, and its token. */
function withoutSecrets(said: string | undefined): string | undefined {
  return said
    ?.slice(0, 500)
    .replace(/upload_id(?:=|%3D)[^&\s"'<>]+/gi, "upload_id=…")
    .replace(/Bearer(?:\s|%20|\+)+[^\s"'<>,;&]+/gi, "Bearer …");
}

function readTold(type: string | undefined, body: Bytes | undefined): Told {
  if (body === undefined || body.byteLength === 0) return {};
  const text = new TextDecoder().decode(body.subarray(0, 16 * 1024));
  if (text.startsWith("{")) return readJson(text);
  if (text.startsWith("<?xml") || text.startsWith("<Error")) return readXml(text);
  return type?.startsWith("text/html") === true && text.includes("<") ? {} : { message: text.trim().slice(0, 300) };
}

function readJson(text: string): Told {
  try {
    const { error } = JSON.parse(text) as {
      readonly error?: { readonly message?: unknown; readonly errors?: readonly { readonly reason?: unknown }[] };
    };
    const { message } = error ?? {};
    const reason = error?.errors?.[0]?.reason;
    return {
      ...(typeof reason === "string" ? { reason } : {}),
      ...(typeof message === "string" ? { message } : {}),
    };
  } catch {
    return {};
  }
}

function readXml(text: string): Told {
  const part = (tag: string): string | undefined => new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(text)?.[1];
  const message = part("Message");
  const details = part("Details");
  const code = part("Code");
  return {
    reason: code,
    message: code === "NoSuchBucket" ? "The specified bucket does not exist." : (details ?? message),
  };
}

/** The credentials could not be used or gave no token. */
export function credentialsError(site: OperationSite, cause: unknown): StoreError {
  const { message = "", code } = cause as { readonly message?: string; readonly code?: unknown };
  const [found, hint] = credentialsMeaning(message);
  const away = /ENOTFOUND|ECONN|EAI_AGAIN|ETIMEDOUT|socket hang up|failed, reason/.test(`${String(code)} ${message}`);
  return storeError(site, away ? "unavailable" : "unauthenticated", found, {
    hint,
    notSent: true,
    cause: safeCause(cause),
  });
}

function credentialsMeaning(message: string): readonly [found: string, hint: string] {
  if (/default credentials|Unable to detect a Project Id/i.test(message)) {
    return [
      "the environment has no credentials for Google Cloud",
      "run `gcloud auth application-default login`, or set `token` to a key file, or to anon for a public bucket",
    ];
  }
  if (/reasonable timeframe|iat and exp|short-lived/i.test(message)) {
    return [
      "Google refuses the signed request for a token",
      "set this machine's clock: it is wrong by more than an hour",
    ];
  }
  if (/invalid_grant|invalid_rapt|expired|revoked/i.test(message))
    return ["the credentials have expired or were revoked", renew];
  return ["the credentials gave no access token", renew];
}

/** The store can't be opened as it is configured. */
export function configError(site: OperationSite, found: string, hint: string): StoreError {
  return storeError(site, "invalid-config", found, { hint });
}

/** A success without what a success says: something between here and Google has answered. */
export function unreadableAnswer(site: OperationSite, found: string): StoreError {
  return storeError(site, "protocol", found, {
    retryable: true,
    hint: "look at the endpoint: is it Google's JSON API, without a proxy that answers itself?",
  });
}
