import { expect, it } from "vitest";
import { scriptedServer } from "../testing/server.ts";
import { backendOn, call, targetOn } from "../testing/target.ts";

it("Every name has the answer that the server gave it, and one that it forgot has none", async () => {
  const body =
    "<DeleteResult><Deleted><Key>a</Key></Deleted><Deleted></Deleted>" +
    "<Error><Key>b</Key><Code>AccessDenied</Code><Message>no</Message></Error>" +
    "<Error><Key>c</Key><Code>SlowDown</Code></Error></DeleteResult>";
  await using server = await scriptedServer(() => ({ body }));
  const backend = backendOn(targetOn(server.endpoint));
  const outcomes = await backend.deleteBatch?.(["a", "b", "c", "d", "p/../x"], call);
  expect(outcomes?.get("a")).toBe("unknown");
  expect(outcomes?.get("b")).toMatchObject({ code: "permission-denied" });
  expect(outcomes?.get("c")).toMatchObject({ code: "rate-limited", retryable: true });
  expect(outcomes?.has("d")).toBe(false);
  expect(outcomes?.get("p/../x")).toMatchObject({ code: "invalid-key" });
  expect(server.requests[0]?.body.toString()).not.toContain("..");
  // Old servers demand the MD5 of the request.
  expect(server.requests[0]?.headers["content-md5"]).toMatch(/^.{22}==$/);
  await backend.close();
});
