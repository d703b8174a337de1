import { inspect } from "node:util";
import type { StoreErrorCode } from "@mortise/core";
import { parseKey, Secret } from "@mortise/core";
import { describe, expect, it } from "vitest";
import { openWebdavStore } from "./store.ts";
import { answering, described, multistatus } from "./testing/answering.ts";

/** What opening a store rejects with. */
async function refusal(endpoint: string): Promise<{ readonly code: StoreErrorCode; readonly hint?: string }> {
  return await openWebdavStore({ endpoint, username: "lab", password: new Secret("canary") }).then(
    () => expect.fail("the store opened"),
    (error: unknown) => {
      expect(`${inspect(error, { depth: 9 })} ${String(error)} ${JSON.stringify(error)}`).not.toMatch(
        /canary|Y2FuYXJ5|bGFiOm/,
      );
      return error as { readonly code: StoreErrorCode; readonly hint?: string };
    },
  );
}

describe("a store that can't be opened", () => {
  it.each([
    ["no URL", "lab.example/dav"],
    ["credentials", "https://lab:canary@dav.example/"],
    ["a query", "https://dav.example/?canary"],
    ["another scheme", "file:///data"],
    ["a link-local address", "http://169.254.169.254/dav"],
  ])("refuses an endpoint with %s before any request", async (_, endpoint) => {
    expect((await refusal(endpoint)).code).toBe("invalid-config");
  });

  it.each([
    [401, "unauthenticated"],
    [403, "permission-denied"],
    [404, "invalid-config"],
    [405, "invalid-config"],
    [503, "unavailable"],
    [429, "rate-limited"],
  ] as const)("says what the status %i means, without the password", async (status, code) => {
    await using server = await answering((_, response) => response.writeHead(status).end("no"));
    expect((await refusal(server.url)).code).toBe(code);
  });

  it("follows no redirect", async () => {
    await using server = await answering((_, response) =>
      response.writeHead(302, { location: "http://other.example/x" }).end(),
    );
    expect(await refusal(server.url)).toMatchObject({
      code: "invalid-config",
      hint: expect.stringMatching(/redirects/),
    });
  });

  it("takes a Web page for no WebDAV server", async () => {
    await using server = await answering((_, response) => response.writeHead(207).end("<html><p>Hello</html>"));
    expect((await refusal(server.url)).code).toBe("protocol");
  });

  it("says that nobody listens", async () => {
    const gone = await answering((_, response) => response.end());
    await gone[Symbol.asyncDispose]();
    expect((await refusal(gone.url)).hint).toMatch(/start the server/);
  });

  it("says that the port speaks no TLS", async () => {
    await using server = await answering((_, response) => response.end());
    expect((await refusal(server.url.replace("http:", "https:"))).hint).toMatch(/http:\/\//);
  });
});

describe("a listing", () => {
  it.each([
    ["was cut off", multistatus(described("/"), described("/a")).slice(0, -30)],
    [
      "the server cut",
      multistatus(described("/"), "<d:response><d:href>/</d:href><d:status>HTTP/1.1 507 Full</d:status></d:response>"),
    ],
    [
      "lacks a size",
      multistatus(described("/"), described("/a").replace(/<d:getcontentlength>.*?<\/d:getcontentlength>/, "")),
    ],
    ["names other paths than were asked for", multistatus(described("/inside/"), described("/inside/a"))],
    ["lacks a time", multistatus(described("/"), described("/a").replace(/Sun[^<]*/, "yesterday"))],
  ])("that %s is an error and never looks shorter", async (_, body) => {
    await using server = await answering((request, response) => {
      if (request.method === "GET") response.writeHead(404).end();
      else response.writeHead(207).end(request.headers["depth"] === "1" ? body : multistatus(described("/")));
    });
    await using store = await openWebdavStore({ endpoint: server.url });
    await expect(Array.fromAsync(store.list())).rejects.toMatchObject({ code: "protocol" });
  });

  it("tells no validator that may stay when an object is overwritten", async () => {
    await using server = await answering((request, response) => {
      if (request.method === "GET") response.writeHead(404).end();
      else response.writeHead(207).end(multistatus(described(request.url ?? "")));
    });
    await using store = await openWebdavStore({ endpoint: server.url });
    expect((await store.head(parseKey("a"))).etag).toBeUndefined();
  });
});
