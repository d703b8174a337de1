import type { ObjectKey, ObjectStore, PresignedRequest, PresignRequest } from "@mortise/core";
import { equal, equalBytes, holds, refused } from "../assert.ts";
import type { CaseRow, ConformanceCase } from "../case.ts";
import { defineCases, readAll, text } from "../case.ts";

type Method = PresignRequest["method"];

/** Signs, or checks that the store says that it can't: then there is nothing to try. */
async function sign(
  store: ObjectStore,
  method: Method,
  key: ObjectKey,
  more: Partial<PresignRequest> = {},
): Promise<PresignedRequest | undefined> {
  holds(store.presign !== undefined, "a store that declares presign should have it");
  const request = { method, key, expiresInSeconds: 60, ...more };
  if (store.capabilities.presign.has(method)) return await store.presign(request);
  await refused(store.presign(request), "unsupported", `a signed ${method}`);
  return undefined;
}

/** Sends a signed request as anybody may, with `change` made to it. */
async function send(request: PresignedRequest, change: RequestInit = {}): Promise<Response> {
  const { url, method, headers } = request;
  return await fetch(url, { method, headers, redirect: "manual", ...change });
}

/** Sends it and throws the body away; whether the server did it. */
async function isDone(request: PresignedRequest, change: RequestInit = {}): Promise<boolean> {
  const response = await send(request, change);
  await response.body?.cancel();
  return response.ok;
}

const rows: readonly CaseRow[] = [
  [
    "get",
    "a signed GET gives the object",
    async ({ store, key }) => {
      await store.put(key("a"), text("hello"));
      const request = await sign(store, "GET", key("a"));
      if (request === undefined) return;
      const response = await send(request);
      equal(response.status, 200, "the status");
      equalBytes(new Uint8Array(await response.arrayBuffer()), text("hello"));
    },
  ],
  [
    "head",
    "a signed HEAD tells the object's size",
    async ({ store, key }) => {
      await store.put(key("a"), text("hello"));
      const request = await sign(store, "HEAD", key("a"));
      if (request === undefined) return;
      const response = await send(request);
      equal([response.status, response.headers.get("content-length")], [200, "5"], "status and length");
    },
  ],
  [
    "put",
    "a signed PUT writes the object",
    async ({ store, key }) => {
      const request = await sign(store, "PUT", key("a"));
      if (request === undefined) return;
      equal(await isDone(request, { body: text("hello") }), true, "whether the PUT was done");
      equalBytes(await readAll(store, key("a")), text("hello"));
    },
  ],
  [
    "delete",
    "a signed DELETE deletes the object",
    async ({ store, key }) => {
      await store.put(key("a"), text("hello"));
      const request = await sign(store, "DELETE", key("a"));
      if (request === undefined) return;
      equal(await isDone(request), true, "whether the DELETE was done");
      await refused(store.head(key("a")), "not-found", "head of the deleted object");
    },
  ],
  [
    "odd-key",
    "keys with characters that URLs give a meaning can be signed",
    async ({ store, key }) => {
      for (const name of ["a b+c", "100%25 #1?x=y&z", "d/(1)!'*;:@,$=~", "é/日本"]) {
        await store.put(key(name), text(name));
        const request = await sign(store, "GET", key(name));
        if (request === undefined) return;
        equal(await (await send(request)).text(), name, `what the URL of ${JSON.stringify(name)} gives`);
      }
    },
  ],
  [
    "expired",
    "a signed request that has expired is refused",
    async ({ store, key }) => {
      await store.put(key("a"), text("hello"));
      const request = await sign(store, "GET", key("a"), { expiresInSeconds: 1 });
      if (request === undefined) return;
      // Two seconds more than it is worth, for clocks that differ a little.
      const rest = Math.max(0, request.expiresAt.getTime() - Date.now()) + 2_000;
      await new Promise((resolve) => setTimeout(resolve, rest));
      equal(await isDone(request), false, "whether the GET was answered");
    },
  ],
  [
    "expires-at",
    "a signed request tells when it expires",
    async ({ store, key }) => {
      const request = await sign(store, "GET", key("a"), { expiresInSeconds: 600 });
      if (request === undefined) return;
      const seconds = (request.expiresAt.getTime() - Date.now()) / 1_000;
      holds(seconds > 500 && seconds < 700, `it should expire in about 600 s, found ${seconds} s`);
    },
  ],
  [
    "other-method",
    "a request signed for one method is refused for another",
    async ({ store, key }) => {
      await store.put(key("a"), text("hello"));
      const request = await sign(store, "GET", key("a"));
      if (request === undefined) return;
      equal(await isDone(request, { method: "DELETE" }), false, "whether the DELETE was done");
      equal(await isDone(request, { method: "PUT", body: text("new") }), false, "whether the PUT was done");
      equalBytes(await readAll(store, key("a")), text("hello"));
    },
  ],
  [
    "other-key",
    "a request signed for one key is refused for another",
    async ({ store, key }) => {
      await store.put(key("secret-1"), text("mine"));
      await store.put(key("secret-2"), text("theirs"));
      const request = await sign(store, "GET", key("secret-1"));
      if (request === undefined) return;
      const response = await fetch(request.url.replace("secret-1", "secret-2"), { headers: request.headers });
      const body = await response.text();
      equal([response.ok, body === "theirs"], [false, false], "whether it was answered, and with the other object");
    },
  ],
  [
    "content-type",
    "a PUT signed with a type writes an object of that type",
    async ({ store, key }) => {
      const request = await sign(store, "PUT", key("a"), { contentType: "image/x-test" });
      if (request === undefined) return;
      equal(await isDone(request, { body: text("hello") }), true, "whether the PUT was done");
      equal((await store.head(key("a"))).contentType, "image/x-test", "the type");
    },
    "metadata",
  ],
  [
    "content-type-bound",
    "a PUT signed with a type is refused with another",
    async ({ store, key }) => {
      const request = await sign(store, "PUT", key("a"), { contentType: "image/x-test" });
      if (request === undefined) return;
      const headers = new Headers(request.headers);
      headers.set("content-type", "text/html");
      equal(await isDone(request, { headers, body: text("<script>") }), false, "whether the PUT was done");
      await refused(store.head(key("a")), "not-found", "head of what was refused");
    },
  ],
  [
    "bad-key",
    "nothing is signed for a key that is none",
    async ({ store }) => {
      for (const key of ["../x", "/a", ""]) {
        await refused(sign(store, "GET", key as ObjectKey), "invalid-key", JSON.stringify(key));
      }
    },
  ],
  [
    "bad-expiry",
    "nothing is signed for no time",
    async ({ store, key }) => {
      for (const expiresInSeconds of [0, -1, 1.5, Number.NaN]) {
        await refused(sign(store, "GET", key("a"), { expiresInSeconds }), "unsupported", `${expiresInSeconds} s`);
      }
    },
  ],
  [
    "closed",
    "a closed store signs nothing",
    async ({ store, key }) => {
      await store.close();
      await refused(sign(store, "GET", key("a")), "aborted", "a signed GET");
    },
  ],
];

/** Signed requests, sent as anybody may who was given one. */
export const presignCases: readonly ConformanceCase[] = defineCases(
  "presign",
  rows.map(([rule, title, body, ...requires]): CaseRow => [rule, title, body, "presign", ...requires]),
);
