import { readFile } from "node:fs/promises";
import type { Secret } from "@mortise/core";
import { isSecret } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { configError } from "../errors.ts";

/** What a key file has inside (https://cloud.google.com/iam/docs/keys-create-delete, and its relatives). */
export type KeyJson = Readonly<Record<string, unknown>>;

/** The credentials that the configuration names. */
export type TokenSetting =
  | { readonly kind: "ambient" }
  | { readonly kind: "anonymous" }
  | { readonly kind: "machine" }
  | { readonly kind: "key"; readonly key: KeyJson }
  | { readonly kind: "access-token"; readonly token: string };

const types = [
  "service_account",
  "authorized_user",
  "external_account",
  "external_account_authorized_user",
  "impersonated_service_account",
];
const usage = "set `token` to the path of a key file, its JSON text, anon, cloud, google_default, or leave it out";

/**
 * Reads the `token` of a store as DataJoint for Python does. Throws `invalid-config` for a file that is not there: a
 * misspelt path must not be sent to a server as if it were a token.
 */
export async function readToken(site: OperationSite, token: string | Secret | undefined): Promise<TokenSetting> {
  const text = (isSecret(token) ? token.reveal() : (token ?? "")).trim();
  if (text === "" || text === "google_default") return { kind: "ambient" };
  if (text === "anon") return { kind: "anonymous" };
  if (text === "cloud") return { kind: "machine" };
  if (text === "browser" || text === "cache") {
    throw configError(site, `token "${text}" is not supported`, usage);
  }
  if (text.startsWith("{")) return { kind: "key", key: parseKeyJson(site, text, "the JSON text in `token`") };
  if (/^ya29\.[\w.-]+$/.test(text)) return { kind: "access-token", token: text };
  return { kind: "key", key: parseKeyJson(site, await readKeyFile(site, text), "the key file that `token` names") };
}

/** Throws `invalid-config` for what is no key; the message shows nothing of it. */
export function checkKeyJson(site: OperationSite, key: unknown, what: string): KeyJson {
  const type = (key as KeyJson | null)?.["type"];
  if (typeof type === "string" && types.includes(type)) return key as KeyJson;
  throw configError(
    site,
    `${what} has no type that is known`,
    `it must be a JSON object with a "type" of ${types.join(", ")}`,
  );
}

function parseKeyJson(site: OperationSite, text: string, what: string): KeyJson {
  let key: unknown;
  try {
    key = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
    throw configError(site, `${what} is not JSON`, usage);
  }
  return checkKeyJson(site, key, what);
}

async function readKeyFile(site: OperationSite, path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
    // Not quoted: what is no path may be a key that somebody pasted.
    throw configError(site, `the key file that \`token\` names can't be read (${code})`, usage);
  }
}
