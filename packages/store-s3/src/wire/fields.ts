/** Headers of requests and answers that objects are made of. */
import type { Bytes } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { storeError } from "@mortise/store-kit";

const metaPrefix = "x-amz-meta-";
const metaName = /^[a-z0-9!#$%&'*+.^_`|~-]+$/;
// What HTTP and signatures carry unchanged: printable ASCII without blanks at the ends or in a row.
const plain = /^[\x21-\x7e](?: ?[\x21-\x7e])*$/;
const encoded = /^=\?utf-8\?b\?([A-Za-z0-9+/]*={0,2})\?=$/i;

/** ETags are unquoted in Mortise; both forms are taken. */
export function unquoted(etag: string): string {
  return etag.startsWith('"') && etag.endsWith('"') && etag.length > 1 ? etag.slice(1, -1) : etag;
}

/** An ETag as the headers want it. */
export function quoted(etag: string): string {
  return etag === "*" ? etag : `"${unquoted(etag)}"`;
}

/** A text as a header value: in RFC 2047 words where HTTP would lose or refuse some of it, as Amazon answers them too. */
export function headerText(text: string): string {
  if (plain.test(text) && !text.startsWith("=?")) return text;
  return `=?UTF-8?B?${Buffer.from(text, "utf8").toString("base64")}?=`;
}

/** The text that a header value stands for; other forms than the one that is written here stay as they are. */
export function textOfHeader(value: string): string {
  const base64 = encoded.exec(value)?.[1];
  return base64 === undefined ? value : Buffer.from(base64, "base64").toString("utf8");
}

/** Adds content type and metadata. Throws `unsupported` for what S3 would store under another name or not at all. */
export function addDescription(
  site: OperationSite,
  headers: Record<string, string>,
  contentType: string | undefined,
  metadata: Readonly<Record<string, string>> | undefined,
): void {
  if (contentType !== undefined) {
    if (!plain.test(contentType)) {
      throw storeError(site, "unsupported", `${JSON.stringify(contentType)} is no content type`);
    }
    headers["content-type"] = contentType;
  }
  if (metadata === undefined) return;
  for (const [name, value] of Object.entries(metadata)) {
    if (!metaName.test(name)) {
      throw storeError(site, "unsupported", `S3 can't keep metadata of the name ${JSON.stringify(name)}`, {
        hint: "use lower-case letters, digits, - and _",
      });
    }
    headers[metaPrefix + name] = headerText(value);
  }
}

/** The metadata among an answer's headers; undefined if there is none. */
export function metadataOf(
  headers: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> | undefined {
  let found: Record<string, string> | undefined;
  for (const name in headers) {
    if (!name.startsWith(metaPrefix)) continue;
    found ??= {};
    found[name.slice(metaPrefix.length)] = textOfHeader(headers[name] ?? "");
  }
  return found;
}

const md5 = /^[0-9a-f]{32}$/;

/** The MD5 that an ETag is, unless the object is encrypted with a key of the customer's or of KMS. */
export function md5OfEtag(
  etag: string,
  headers: Readonly<Record<string, string | undefined>> = {},
): string | undefined {
  const encryption = headers["x-amz-server-side-encryption"];
  if (encryption !== undefined && encryption !== "AES256") return undefined;
  if (headers["x-amz-server-side-encryption-customer-algorithm"] !== undefined) return undefined;
  return md5.test(etag) ? etag : undefined;
}

/** A version id; servers say `null` where versioning is off. */
export function versionOf(id: string | undefined): string | undefined {
  return id === "null" || id === "" ? undefined : id;
}

/** Hex to base64, as checksum headers want it. */
export function base64Of(hex: string): string {
  return Buffer.from(hex, "hex").toString("base64");
}

/** SHA-256 of nothing. */
export const emptySha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** No bytes. */
export const nothing: Bytes = new Uint8Array(0);
