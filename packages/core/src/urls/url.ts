import { ValueError } from "../errors.ts";
import { encodePath, resolvePath } from "./paths.ts";

/** Names of file systems, as fsspec has them: `gs` and `gcs` are `gcs`, `az` and `abfs` are `abfs`. */
export type UrlProtocol = "file" | "s3" | "gcs" | "abfs" | "http" | "https";

/** What a URL says: a local path, `bucket/key`, or `host/path`. */
export interface ParsedUrl {
  readonly protocol: UrlProtocol;
  readonly path: string;
}

const schemes: Readonly<Record<string, UrlProtocol>> = {
  file: "file",
  s3: "s3",
  gs: "gcs",
  gcs: "gcs",
  az: "abfs",
  abfs: "abfs",
  http: "http",
  https: "https",
};
const pattern = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is;

function schemeOf(text: string): UrlProtocol | undefined {
  const scheme = pattern.exec(text)?.[1]?.toLowerCase() ?? "";
  return Object.hasOwn(schemes, scheme) ? schemes[scheme] : undefined;
}

/** Whether `text` is a URL of a kind that Mortise reads; anything else is a local path, or an error. */
export function isUrl(text: string): boolean {
  return schemeOf(text) !== undefined;
}

function unsupported(text: string): ValueError {
  const scheme = pattern.exec(text)?.[1];
  const what = scheme === undefined ? "the text has no scheme" : `${scheme}://`;
  return new ValueError("unsupported-url", `Unsupported URL protocol: ${what}`, {
    hint: `supported: ${Object.keys(schemes).join("://, ")}://`,
  });
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // A raw URL, whose percent sign stands for itself.
    return path;
  }
}

function localPath(rest: string): string {
  const path = decoded(rest.replace(/^localhost(?=\/)/i, ""));
  if (!path.startsWith("/")) {
    throw new ValueError("invalid-url", "A file URL can name a path of this machine only, not of a host", {
      hint: "write an absolute path after three slashes: file:///data",
    });
  }
  return path.replace(/^\/(?=[A-Za-z]:[\\/])/, "");
}

/**
 * Splits a URL (storage specification §4). The scheme is matched whatever its case; percent-encoding is decoded once,
 * and left alone where it is not valid or the URL is http(s).
 * Throws a value error: `unsupported-url`, `invalid-url`, `credentials-in-url` (which does not show the URL).
 */
export function parseUrl(url: string): ParsedUrl {
  const protocol = schemeOf(url);
  if (protocol === undefined) throw unsupported(url);
  const rest = pattern.exec(url)?.[2] ?? "";
  if (protocol === "file") return { protocol, path: localPath(rest) };
  if (rest.split(/[/?#]/, 1)[0]?.includes("@") === true) {
    throw new ValueError("credentials-in-url", `Refused a ${protocol} URL with credentials in it`, {
      hint: "take them out of the URL; credentials belong in .secrets/ or the environment",
    });
  }
  return { protocol, path: protocol.startsWith("http") ? rest : decoded(rest) };
}

/**
 * The local path that a path or `file:` URL means, absolute and normalised. Relative paths need `base`.
 * Throws a value error: `not-local` for other URLs, and what `parseUrl` throws.
 */
export function toPath(pathOrUrl: string, base?: string): string {
  if (!pattern.test(pathOrUrl)) return resolvePath(pathOrUrl, base);
  const { protocol, path } = parseUrl(pathOrUrl);
  if (protocol !== "file") throw new ValueError("not-local", `Expected a local path or file URL, found ${protocol}://`);
  return resolvePath(path);
}

/** The `file:` URL of an absolute local path, percent-encoded. */
export function fileUrl(path: string): string {
  const [, drive = "", rest = path] = /^([A-Za-z]:)(.*)$/s.exec(path) ?? [];
  return drive === "" ? `file://${encodePath(path)}` : `file:///${drive}${encodePath(rest)}`;
}

/**
 * The URL of a path; URLs are returned as they are. Relative paths need `base`, the working directory.
 * Throws what `parseUrl` throws: `unsupported-url` for a scheme that is neither ours nor a drive letter, instead of
 * taking it for the name of a folder, and `credentials-in-url`.
 */
export function toUrl(pathOrUrl: string, base?: string): string {
  if (isUrl(pathOrUrl)) {
    parseUrl(pathOrUrl);
    return pathOrUrl;
  }
  return fileUrl(toPath(pathOrUrl, base));
}
