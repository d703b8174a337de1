/**
 * AWS Signature Version 4 for S3: the path is encoded once and not normalised, and the body's SHA-256 is part of what is
 * signed, so that the server refuses a body that changed on its way.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
import { createHmac, hash } from "node:crypto";
import type { Secret } from "@mortise/core";
import type { TextHmac } from "./hmac.ts";
import { createTextHmac } from "./hmac.ts";
import type { Stamp } from "./stamp.ts";

/** Keys as they are kept: what is secret is revealed only where a signature is made. */
export interface Credentials {
  readonly accessKeyId: Secret;
  readonly secretAccessKey: Secret;
  readonly sessionToken?: Secret | undefined;
  readonly expiration?: Date | undefined;
}

/** What is signed of a request. */
export interface Signable {
  readonly method: string;
  /** Percent-encoded, without the query. */
  readonly path: string;
  /** Percent-encoded, sorted by name, each with its `=`; may be empty. */
  readonly query: string;
  readonly host: string;
  /** All that are signed but `host`; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** SHA-256 of the body in hex. */
  readonly payload: string;
}

/** Makes the `authorization` header of a request. */
export type Signer = (request: Signable, credentials: Credentials, stamp: Stamp) => string;

const spaces = /^\s|\s$|\s\s/;

/** A signer for one region. The key that a day, region and service derive is computed once a day. */
export function createSigner(region: string, service = "s3"): Signer {
  let owner: Credentials | undefined;
  let day = "";
  let hmacOf: TextHmac = createTextHmac(new Uint8Array());
  let scope = "";
  let beginning = "";

  function derive(credentials: Credentials, stamp: Stamp): void {
    let derived: Buffer | string = `AWS4${credentials.secretAccessKey.reveal()}`;
    for (const step of [stamp.day, region, service, "aws4_request"]) derived = hmac(derived, step);
    hmacOf = createTextHmac(derived as Buffer);
    owner = credentials;
    day = stamp.day;
    scope = `${day}/${region}/${service}/aws4_request`;
    beginning = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId.reveal()}/${scope}, SignedHeaders=`;
  }

  return (request, credentials, stamp) => {
    if (owner !== credentials || day !== stamp.day) derive(credentials, stamp);
    const { headers } = request;
    const names = Object.keys(headers);
    names.push("host");
    names.sort();
    let lines = "";
    for (const name of names) {
      const value = name === "host" ? request.host : (headers[name] as string);
      lines += `${name}:${spaces.test(value) ? value.trim().replaceAll(/\s+/g, " ") : value}\n`;
    }
    const signed = names.join(";");
    const canonical = `${request.method}\n${request.path}\n${request.query}\n${lines}\n${signed}\n${request.payload}`;
    const text = `AWS4-HMAC-SHA256\n${stamp.time}\n${scope}\n${hash("sha256", canonical, "hex")}`;
    return `${beginning}${signed}, Signature=${hmacOf(text)}`;
  };
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
