import type { Bytes } from "@mortise/core";
import { digest } from "@mortise/core";
import type { CloudCall, CloudWrite, HttpRequest, HttpResponse } from "@mortise/store-kit/cloud";
import type { Target } from "../connect/connection.ts";
import type { ErrorSite } from "../errors.ts";
import { brokenAnswer, s3Error } from "../errors.ts";
import { encodeName } from "../sign/encode.ts";
import { emptySha256 } from "./fields.ts";
import { learnFrom, mayBeRace } from "./learn.ts";
import { errorDocument } from "./problem.ts";

/** One request for an object. `headers` is filled in: it belongs to this request alone. */
export interface ObjectRequest {
  readonly method: HttpRequest["method"];
  readonly name: string;
  /** As signed: percent-encoded and sorted by name. */
  readonly query?: string | undefined;
  readonly headers: Record<string, string>;
  readonly body?: Bytes | undefined;
  /** SHA-256 of the body in hex, where the caller has it. */
  readonly sha256?: string | undefined;
  readonly call: CloudCall & Pick<CloudWrite, "onSent">;
  readonly condition?: ErrorSite["condition"];
  readonly about?: ErrorSite["about"] | undefined;
}

/**
 * Signs and sends a request; answers with a success, and throws for any other status, and for an error that calls itself
 * one. A refusal that tells how to do better (the server's clock, its region, an expired session) is heeded once.
 */
export type Send = (request: ObjectRequest) => Promise<HttpResponse>;

/** How requests for objects of a target are sent. */
export function createSend(target: Target): Send {
  const { transport, identity, clock } = target;
  return async (request) => {
    const { name, query = "", headers, call, body } = request;
    const { site } = call;
    const sha256 = request.sha256 ?? (body === undefined ? emptySha256 : digest("sha256", body));
    headers["x-amz-content-sha256"] = sha256;
    for (let again = false; ; again = true) {
      const connection = target.connection() ?? (await target.connect(site));
      const credentials = identity.current() ?? (await identity.refresh(site));
      const { address, sign } = connection;
      const path = address.root + encodeName(name);
      const { offset } = clock;
      const stamp = clock.now();
      headers["x-amz-date"] = stamp.time;
      delete headers["authorization"];
      if (credentials.sessionToken !== undefined) headers["x-amz-security-token"] = credentials.sessionToken.reveal();
      const signable = { method: request.method, path, query, host: address.host, headers, payload: sha256 };
      headers["authorization"] = sign(signable, credentials, stamp);
      const response = await transport.request({
        method: request.method,
        origin: address.origin,
        path: query === "" ? path : `${path}?${query}`,
        headers,
        body,
        site,
        signal: call.signal,
        onSent: call.onSent,
      });
      const { status, bytes } = response;
      const success = status >= 200 && status < 300;
      if (success && request.method === "GET") return response;
      if (bytes === undefined) await response.release();
      // Some servers say success before they know, and the truth in the body; what says it at length is none of them.
      if (success && bytes === undefined) throw brokenAnswer(site, "an end", status);
      if (success && errorDocument(bytes) === undefined) return response;
      const signed = { connection, credentials, offset };
      if (!again && (learnFrom(target, response, signed) || (await mayBeRace(target, request.method, response)))) {
        continue;
      }
      throw s3Error(errorSite(target, request), response);
    }
  };
}

/** What errors of a request are worded with. */
export function errorSite(
  { bucket, server, identity }: Target,
  { call, condition, about = "object" }: Pick<ObjectRequest, "call" | "condition" | "about">,
): ErrorSite {
  return { site: call.site, bucket, endpoint: server.endpoint, about, condition, redact: identity.redact };
}
