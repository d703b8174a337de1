import { expect, it } from "vitest";
import { site, testBackend } from "../testing/backend.ts";
import type { SeenRequest } from "../testing/blob-server.ts";
import { refusal, startBlobServer } from "../testing/blob-server.ts";

const parts: Readonly<Record<string, string>> = {
  here: "HTTP/1.1 202 Accepted\r\n",
  gone: "HTTP/1.1 404 The specified blob does not exist.\r\nx-ms-error-code: BlobNotFound\r\n",
  leased: "HTTP/1.1 412 Leased\r\nx-ms-error-code: LeaseIdMissing\r\n",
};

/** Answers each request of a batch but those it does not know. */
function answerBatch({ body, headers }: SeenRequest) {
  const boundary = /boundary=(.+)$/.exec(String(headers["content-type"]))?.[1] ?? "";
  const names = [...body.toString().matchAll(/^DELETE \/lab1\/raw\/([^?\s]+)/gm)].map(([, name]) => name ?? "");
  const answers = names.map((name, index) => {
    const answer = parts[name] ?? "HTTP/1.1 500 Failed\r\nx-ms-error-code: InternalError\r\n";
    return `--${boundary}\r\nContent-Type: application/http\r\nContent-ID: ${index}\r\n\r\n${answer}\r\n`;
  });
  return {
    status: 202,
    headers: { "content-type": `multipart/mixed; boundary=${boundary}` },
    body: `${answers.join("\r\n")}\r\n--${boundary}--\r\n`,
  };
}

it("a batch is one request, and each name has its own answer", async () => {
  await using server = await startBlobServer(answerBatch);
  const backend = testBackend(server.origin);
  const outcomes = await backend.deleteBatch?.(["here", "gone", "leased", "other"], { site });
  expect(outcomes?.get("here")).toBe("deleted");
  expect(outcomes?.get("gone")).toBe("absent");
  expect(outcomes?.get("leased")).toMatchObject({ code: "permission-denied" });
  expect(outcomes?.get("other")).toMatchObject({ code: "unavailable", retryable: true });
  expect(server.seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
    "POST /lab1/raw?comp=batch&restype=container",
  ]);
  // Inside it every request has a signature that allows deletion, and nothing else, for a short time.
  expect(server.seen[0]?.body.toString().match(/sp=d&sig=/g)).toHaveLength(4);
  await backend.close();
});

it("a batch that is refused as a whole is an error", async () => {
  await using server = await startBlobServer(() => refusal(403, "AuthorizationPermissionMismatch"));
  const backend = testBackend(server.origin);
  await expect(backend.deleteBatch?.(["a"], { site })).rejects.toMatchObject({ code: "permission-denied" });
  await backend.close();
});
