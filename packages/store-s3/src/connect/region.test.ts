import type { HttpRequest, HttpTransport } from "@mortise/store-kit/cloud";
import { describe, expect, it, vi } from "vitest";
import { targetOn } from "../testing/target.ts";
import { findRegion } from "./region.ts";
import { readServer } from "./server.ts";

const site = { operation: "get", store: "s3" };
const amazon = readServer(site, "s3.amazonaws.com", true);

/** Answers every request with a status and headers, and remembers it: Amazon's own host can't be had in a test. */
function answering(status: number, headers: Record<string, string>) {
  const requests: HttpRequest[] = [];
  const transport: HttpTransport = {
    request(request) {
      requests.push(request);
      const bytes = new Uint8Array();
      return Promise.resolve({ status, headers, bytes, chunks: none(), release: () => Promise.resolve() });
    },
    close: () => Promise.resolve(),
  };
  return { requests, transport };
}
async function* none(): AsyncGenerator<Uint8Array> {}

/** A profile that is nowhere: what this machine has configured must not decide. */
const profile = "mortise-test-without-a-region";
const sourcesWith = (transport: HttpTransport) => ({
  bucket: "lab",
  server: amazon,
  transport,
  client: undefined,
  profile,
});

describe.skipIf(process.env["AWS_REGION"] !== undefined || process.env["AWS_DEFAULT_REGION"] !== undefined)(
  "the region of a bucket at Amazon's",
  () => {
    it.each([200, 301, 403])(
      "is what it says itself, also with status %i, asked once and without a signature",
      async (status) => {
        const { transport, requests } = answering(status, { "x-amz-bucket-region": "eu-west-1" });
        expect(await findRegion(site, sourcesWith(transport))).toBe("eu-west-1");
        expect(requests).toMatchObject([
          { method: "HEAD", origin: "https://s3.amazonaws.com", path: "/lab", headers: {} },
        ]);
      },
    );

    it("is not guessed where the bucket does not exist or nothing says it", async () => {
      const missing = findRegion(site, sourcesWith(answering(404, {}).transport));
      await expect(missing).rejects.toMatchObject({ code: "invalid-config", message: /does not exist/ });
      const silent = findRegion(site, sourcesWith(answering(403, {}).transport));
      await expect(silent).rejects.toMatchObject({ code: "invalid-config", hint: /"region"/ });
      const odd = findRegion(site, sourcesWith(answering(403, { "x-amz-bucket-region": "evil.example/" }).transport));
      await expect(odd).rejects.toMatchObject({ code: "invalid-config" });
    });
  },
);

describe("the region at other servers", () => {
  it("is us-east-1 without a request, whatever this machine uses at Amazon's", async () => {
    const { transport, requests } = answering(500, {});
    const server = readServer(site, "http://127.0.0.1:9000", true);
    expect(await findRegion(site, { ...sourcesWith(transport), server })).toBe("us-east-1");
    expect(requests).toHaveLength(0);
  });
});

describe("a region that nobody tells", () => {
  it("is not waited for for ever, since all requests wait for the same answer, and is asked for anew", async () => {
    const signals: AbortSignal[] = [];
    const target = targetOn("http://127.0.0.1:9000", {
      findRegion(_site, signal) {
        signals.push(signal);
        return signals.length === 1 ? new Promise(() => undefined) : Promise.resolve("lab-1");
      },
    });
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const waiting = expect(target.connect(site)).rejects.toMatchObject({ code: "timeout", retryable: true });
    vi.advanceTimersByTime(60_000);
    vi.useRealTimers();
    await waiting;
    expect(signals[0]?.aborted).toBe(true);
    expect((await target.connect(site)).region).toBe("lab-1");
    await target.transport.close();
  });
});
