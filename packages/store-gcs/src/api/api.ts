import type { Bytes } from "@mortise/core";
import { collect } from "@mortise/store-kit";
import type { HttpRequest, HttpResponse, HttpTransport } from "@mortise/store-kit/cloud";
import type { Tokens } from "../auth/tokens.ts";
import type { Asked } from "../errors.ts";
import { answerError, unreadableAnswer } from "../errors.ts";
import type { BucketPaths } from "./paths.ts";

/** One request, without what all requests have in common. */
export interface ApiRequest extends Omit<HttpRequest, "origin" | "headers" | "site"> {
  readonly asked: Asked;
  /** Besides `authorization`. Its own object: it is changed. */
  readonly headers?: Record<string, string> | undefined;
}

/** The bucket on its server. */
export interface GcsApi {
  readonly bucket: string;
  readonly origin: string;
  /** The server is Google's, so that what Google documents holds. */
  readonly google: boolean;
  readonly paths: BucketPaths;
  /** Answers of any status; a token that is refused is renewed once. */
  ask(request: ApiRequest): Promise<HttpResponse>;
  /** Only 2xx; throws the error of any other answer. */
  send(request: ApiRequest): Promise<HttpResponse>;
}

/** What a bucket's requests are made of. */
export interface ApiParts extends Pick<GcsApi, "bucket" | "origin" | "google" | "paths"> {
  readonly transport: HttpTransport;
  readonly tokens: Tokens;
}

/** The way to one bucket, and nowhere else: no token is ever sent to another origin. */
export function createApi(parts: ApiParts): GcsApi {
  const { bucket, origin, google, paths, transport, tokens } = parts;

  async function ask(request: ApiRequest): Promise<HttpResponse> {
    const { asked, headers = {}, ...rest } = request;
    const { site } = asked;
    const authorization = tokens.current() ?? (await tokens.fetch(site));
    if (authorization !== "") headers["authorization"] = authorization;
    const answer = await transport.request({ ...rest, origin, headers, site });
    if (answer.status !== 401 || authorization === "" || !tokens.renew(authorization)) return answer;
    await answer.release();
    const fresh = await tokens.fetch(site);
    return await transport.request({ ...rest, origin, headers: { ...headers, authorization: fresh }, site });
  }

  return {
    bucket,
    origin,
    google,
    paths,
    ask,
    async send(request) {
      const answer = await ask(request);
      if (answer.status >= 200 && answer.status < 300) return answer;
      throw await failure(request.asked, answer);
    },
  };
}

/** The error of an answer, whose body is read or let go. */
export async function failure(asked: Asked, answer: HttpResponse): Promise<Error> {
  await answer.release();
  return answerError(asked, answer, answer.bytes);
}

/** An answer's JSON. Throws `protocol` where there is none: a proxy's page is no success. */
export async function jsonOf<T>(asked: Asked, answer: HttpResponse): Promise<T> {
  const bytes: Bytes = answer.bytes ?? (await collect(answer.chunks));
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8")) as T;
  } catch {
    throw unreadableAnswer(asked.site, "the answer is not JSON");
  }
}
