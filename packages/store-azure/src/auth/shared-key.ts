import { createHmac, createSecretKey } from "node:crypto";
import type { Authorizer, Signable } from "./contract.ts";

/** Signs a text with the account's key: base64 of HMAC-SHA256. */
export type TextSigner = (text: string) => string;

/** A signer for a key as the portal shows it, in base64. */
export function keySigner(accountKey: string): TextSigner {
  const key = createSecretKey(Buffer.from(accountKey, "base64"));
  return (text) => createHmac("sha256", key).update(text).digest("base64");
}

/** Shared Key: https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key */
export function sharedKey(accountName: string, sign: TextSigner): Authorizer {
  return {
    kind: "sharedKey",
    query: "",
    sign,
    authorize(request) {
      request.headers["authorization"] = `SharedKey ${accountName}:${sign(stringToSign(accountName, request))}`;
      return undefined;
    },
  };
}

/** What is signed. A length of 0 is an empty line, and the date is in `x-ms-date` only. */
function stringToSign(accountName: string, { method, path, query, headers, length }: Signable): string {
  const named = (name: string): string => headers[name] ?? "";
  let text =
    `${method}\n${named("content-encoding")}\n${named("content-language")}\n${length === 0 ? "" : length}\n` +
    `${named("content-md5")}\n${named("content-type")}\n\n${named("if-modified-since")}\n${named("if-match")}\n` +
    `${named("if-none-match")}\n${named("if-unmodified-since")}\n${named("range")}\n`;
  const own = Object.keys(headers).filter((name) => name.startsWith("x-ms-"));
  for (const name of own.sort(compareHeaders)) text += `${name}:${headers[name]?.trimStart()}\n`;
  text += `/${accountName}${path}`;
  for (const [name, value] of query) text += `\n${name}:${value}`;
  return text;
}

/** The service sorts as .NET's culture does: hyphens do not count, and `_` is before digits, not behind them. */
function compareHeaders(left: string, right: string): number {
  const [a, b] = [sortKey(left), sortKey(right)];
  return a < b ? -1 : 1;
}

function sortKey(name: string): string {
  return name.replaceAll("-", "").replaceAll("_", "!");
}
