import { describe, expect, it } from "vitest";
import { errorBody, scriptedServer } from "../testing/server.ts";
import { backendOn, call, targetOn } from "../testing/target.ts";

const there = { headers: { etag: '"new"' } };

describe("delete", () => {
  it("does not pretend to know whether there was an object", async () => {
    await using server = await scriptedServer(() => ({ status: 204 }));
    const backend = backendOn(targetOn(server.endpoint));
    expect(await backend.delete("a", call)).toBe("unknown");
    expect(server.requests).toHaveLength(1);
    await backend.close();
  });

  it("with an ETag finds what is absent, also at a server that says success", async () => {
    await using server = await scriptedServer(({ method }) => ({ status: method === "HEAD" ? 404 : 204 }));
    const backend = backendOn(targetOn(server.endpoint));
    expect(await backend.delete("a", { ...call, ifMatch: "old" })).toBe("absent");
    await backend.close();
  });

  it("leaves the comparison of ETags to the server, so that one which does not compare is found out", async () => {
    await using server = await scriptedServer(({ method }) => (method === "HEAD" ? there : { status: 204 }));
    const backend = backendOn(targetOn(server.endpoint));
    expect(await backend.delete("a", { ...call, ifMatch: "old" })).toBe("deleted");
    expect(server.requests[1]?.headers["if-match"]).toBe('"old"');
    await backend.close();
  });

  it("does not look again for what was just seen", async () => {
    await using server = await scriptedServer(() => ({ status: 204 }));
    const backend = backendOn(targetOn(server.endpoint));
    expect(await backend.delete("a", { ...call, ifMatch: "old", seen: true })).toBe("deleted");
    expect(server.requests.map(({ method }) => method)).toEqual(["DELETE"]);
    await backend.close();
  });

  it("is no success where the server says so and an error in the body", async () => {
    await using server = await scriptedServer(() => ({ status: 200, body: errorBody("InternalError") }));
    const backend = backendOn(targetOn(server.endpoint));
    await expect(backend.delete("a", call)).rejects.toMatchObject({ code: "unavailable", retryable: true });
    await backend.close();
  });

  it("with a stale ETag is precondition-failed", async () => {
    const refused = { status: 412, body: errorBody("PreconditionFailed") };
    await using server = await scriptedServer(({ method }) => (method === "HEAD" ? there : refused));
    const backend = backendOn(targetOn(server.endpoint));
    await expect(backend.delete("a", { ...call, ifMatch: "old" })).rejects.toMatchObject({
      code: "precondition-failed",
    });
    await backend.close();
  });
});
