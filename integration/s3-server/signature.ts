// Signature version 4, as a server checks it: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
// Written here from the specification on purpose: it must not share the product's own signer.
import { createHash, createHmac } from "node:crypto";
import { errorAnswer, type S3Answer, type S3Head } from "./message.ts";

export interface Credentials {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly sessionToken?: string | undefined;
  readonly region: string;
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/** Milliseconds of `20260102T030405Z`. */
const timeOf = (stamp: string): number =>
  Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));

interface Signed {
  readonly credential: string;
  readonly headers: string;
  readonly signature: string;
  readonly date: string;
  /** Seconds; of presigned requests only. */
  readonly expires?: number | undefined;
}

function signedOf({ headers, query }: S3Head): Signed | undefined {
  const authorization = /^AWS4-HMAC-SHA256 +Credential=([^,]+), *SignedHeaders=([^,]+), *Signature=(\w+)$/.exec(
    headers["authorization"] ?? "",
  );
  if (authorization !== null) {
    const [, credential = "", signed = "", signature = ""] = authorization;
    return { credential, headers: signed, signature, date: headers["x-amz-date"] ?? "" };
  }
  const of = (name: string): string => query.get(name) ?? "";
  if (of("X-Amz-Signature") === "") return undefined;
  return {
    credential: of("X-Amz-Credential"),
    headers: of("X-Amz-SignedHeaders"),
    signature: of("X-Amz-Signature"),
    date: of("X-Amz-Date"),
    expires: Number(of("X-Amz-Expires")),
  };
}

function signatureOf(head: S3Head, signed: Signed, secretKey: string): string {
  const query = [...head.query]
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join("&");
  const headers = signed.headers
    .split(";")
    .map((name) => `${name}:${(head.headers[name] ?? "").trim().replace(/ +/g, " ")}\n`)
    .join("");
  const path = head.path
    .split("/")
    .map((segment) => encoded(decodeURIComponent(segment)))
    .join("/");
  const payload = signed.expires === undefined ? (head.headers["x-amz-content-sha256"] ?? "") : "UNSIGNED-PAYLOAD";
  const canonical = [head.method, path, query, headers, signed.headers, payload].join("\n");
  const [, ...scope] = signed.credential.split("/");
  const digest = createHash("sha256").update(canonical).digest("hex");
  const key = scope.reduce<string | Buffer>((key, part) => hmac(key, part), `AWS4${secretKey}`);
  return hmac(key, ["AWS4-HMAC-SHA256", signed.date, scope.join("/"), digest].join("\n")).toString("hex");
}

export const skewed = (): S3Answer =>
  errorAnswer(
    403,
    "RequestTimeTooSkewed",
    "The difference between the request time and the current time is too large.",
  );

export const wrongRegion = (expected: string): S3Answer => {
  const message = `The authorization header is malformed; the region is wrong; expecting '${expected}'`;
  const answer = errorAnswer(400, "AuthorizationHeaderMalformed", message, { Region: expected });
  return { ...answer, headers: { ...answer.headers, "x-amz-bucket-region": expected } };
};

export interface SignatureOptions {
  /** A server that forgot to look when a presigned request expires. */
  readonly ignoreExpiry?: boolean | undefined;
  /** Milliseconds; default now. */
  readonly now?: number | undefined;
}

/** The refusal of a request that is not signed with these credentials, now; undefined where it is. */
export function refusedSignature(
  head: S3Head,
  credentials: Credentials,
  { ignoreExpiry = false, now = Date.now() }: SignatureOptions = {},
): S3Answer | undefined {
  const signed = signedOf(head);
  if (signed === undefined) return errorAnswer(403, "AccessDenied", "Access Denied");
  const [accessKey, , region = ""] = signed.credential.split("/");
  if (accessKey !== credentials.accessKey) {
    return errorAnswer(403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.");
  }
  if (region !== credentials.region) return wrongRegion(credentials.region);
  const token = head.headers["x-amz-security-token"] ?? head.query.get("X-Amz-Security-Token") ?? undefined;
  if (token !== credentials.sessionToken) return errorAnswer(400, "InvalidToken", "The provided token is malformed.");
  const age = now - timeOf(signed.date);
  if (signed.expires === undefined ? Math.abs(age) > 900_000 : age < -900_000) return skewed();
  if (signed.expires !== undefined && !ignoreExpiry && age > signed.expires * 1000) {
    return errorAnswer(403, "AccessDenied", "Request has expired");
  }
  if (signatureOf(head, signed, credentials.secretKey) === signed.signature) return undefined;
  return errorAnswer(403, "SignatureDoesNotMatch", "The request signature we calculated does not match.");
}
