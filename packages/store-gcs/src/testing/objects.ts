import type { IncomingMessage } from "node:http";
import { digest } from "@mortise/core";
import { base64Of } from "../api/digests.ts";

/** A resumable upload (https://cloud.google.com/storage/docs/performing-resumable-uploads). */
export interface Session {
  readonly url: URL;
  readonly resource: Record<string, unknown>;
  bytes: Buffer;
  /** The answer of the upload that is complete, or of the session that was cancelled. */
  over?: Answer | undefined;
  /** How many bytes of the next chunk are kept: a server may take less than it is sent. */
  takes?: number | undefined;
}

/** An object as it is stored. */
export interface Stored {
  readonly generation: string;
  readonly bytes: Buffer;
  readonly contentType: string;
  readonly contentEncoding?: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A request as it came. */
export interface Seen {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

/** An answer; `body` is sent as JSON where it is no buffer. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: unknown;
}

/** A server on loopback that speaks as Google's documentation says. */
export interface GcsServer extends AsyncDisposable {
  readonly origin: string;
  readonly objects: Map<string, Stored>;
  readonly sessions: Map<string, Session>;
  readonly seen: Seen[];
  /** Answers the next requests instead: the first function that answers is used up. */
  readonly instead: ((request: Seen) => Answer | undefined)[];
}

let generations = 1_700_000_000_000_000;

/** Google's error body. */
export function refusal(status: number, reason: string, message: string = reason): Answer {
  return { status, body: { error: { code: status, message, errors: [{ domain: "global", reason, message }] } } };
}

/** The resource of an object. */
export function resourceOf(name: string, { bytes, generation, contentType, metadata }: Stored): object {
  return {
    name,
    generation,
    size: String(bytes.byteLength),
    updated: "2026-01-02T03:04:05.678Z",
    contentType,
    metadata,
    md5Hash: base64Of(digest("md5", bytes)),
    crc32c: base64Of(digest("crc32c", bytes)),
  };
}

/** Publishes an object unless its condition or a digest forbids it. */
export function publish(server: GcsServer, url: URL, resource: Record<string, unknown>, bytes: Buffer): Answer {
  const name = String(resource["name"]);
  const wanted = url.searchParams.get("ifGenerationMatch");
  const current = server.objects.get(name)?.generation ?? "0";
  if (wanted !== null && wanted !== current) return refusal(412, "conditionNotMet");
  for (const [member, algorithm] of [
    ["md5Hash", "md5"],
    ["crc32c", "crc32c"],
  ] as const) {
    const found = base64Of(digest(algorithm, bytes));
    if (resource[member] === undefined || resource[member] === found) continue;
    return refusal(
      400,
      "invalid",
      `Provided ${algorithm} hash ${JSON.stringify(resource[member])} doesn't match calculated hash "${found}".`,
    );
  }
  const stored: Stored = {
    generation: String(++generations),
    bytes,
    contentType: String(resource["contentType"]),
    metadata: (resource["metadata"] ?? {}) as Record<string, string>,
  };
  server.objects.set(name, stored);
  return { status: 200, body: resourceOf(name, stored) };
}
