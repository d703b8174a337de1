import { Readable } from "node:stream";
import type { HttpOperationResponse, IHttpClient, WebResource } from "@azure/storage-blob";
import { collect, storeError } from "@mortise/store-kit";
import type { CloudCall, HttpRequest, HttpResponse } from "@mortise/store-kit/cloud";
import { answerError } from "../errors.ts";
import type { Wire } from "../wire/wire.ts";

/** What the SDK sets that is not its to set here: our own are added when the request is signed. */
const ours = new Set(["authorization", "x-ms-date", "x-ms-version", "content-length", "user-agent", "accept-encoding"]);
/** A page of 5 000 names with all their properties is about 5 MiB. */
const largestAnswer = 64 * 1024 * 1024;

/**
 * Sends what the SDK asks for over our own wire: with our signature, service version, dispatcher and redirect rule, and
 * with answers that are errors thrown as store errors before the SDK makes one that holds the request's headers.
 */
export function sdkHttpClient(wire: Wire, call: CloudCall): IHttpClient {
  return {
    async sendRequest(request: WebResource): Promise<HttpOperationResponse> {
      const { pathname, search } = new URL(request.url);
      const answer = await wire.send({
        method: request.method as HttpRequest["method"],
        path: pathname.slice(wire.account.basePath.length),
        query: queryOf(search),
        headers: headersOf(request),
        body: typeof request.body === "string" ? Buffer.from(request.body) : undefined,
        site: call.site,
        signal: call.signal,
        collectUpTo: largestAnswer,
      });
      const bytes = answer.bytes ?? (await collect(answer.chunks));
      if (answer.status >= 300) throw answerError(call.site, { ...answer, bytes });
      const text = new TextDecoder().decode(bytes);
      // Folders would pass for objects, and those after a name in byte order may come before it there.
      if (text.includes("<ResourceType>directory<")) {
        throw storeError(call.site, "unsupported", "the account has a hierarchical namespace: use one without");
      }
      return responseOf(request, answer, text);
    },
  };
}

function queryOf(search: string): readonly (readonly [string, string])[] {
  const pairs = search.slice(1).split("&").filter(Boolean);
  return pairs
    .map((pair) => {
      const cut = pair.indexOf("=");
      return [pair.slice(0, cut).toLowerCase(), decodeURIComponent(pair.slice(cut + 1))] as const;
    })
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function headersOf(request: WebResource): Record<string, string> {
  const headers = Object.entries(request.headers.toJson()).map(([name, value]) => [name.toLowerCase(), value] as const);
  return Object.fromEntries(headers.filter(([name]) => !ours.has(name)));
}

function responseOf(request: WebResource, answer: HttpResponse, text: string): HttpOperationResponse {
  const headers = Object.fromEntries(Object.entries(answer.headers).filter((entry) => entry[1] !== undefined));
  const streamed = request.streamResponseStatusCodes?.has(answer.status);
  const body = streamed ? { readableStreamBody: Readable.from([text]) } : { bodyAsText: text };
  // Of the headers only this one method is read.
  const json = { toJson: () => headers } as unknown as HttpOperationResponse["headers"];
  return { request, status: answer.status, headers: json, ...body };
}
