import { describe, expect, it } from "vitest";
import type { Answer, Received } from "../testing/server.ts";
import { errorBody, scriptedServer } from "../testing/server.ts";
import { backendOn, call, targetOn } from "../testing/target.ts";

const body = new Uint8Array(10);
const etag = "900150983cd24fb0d6963f7d28e17f72";
const stored = { headers: { etag: `"${etag}-1"`, "content-length": "10" } };
const uploaded = { headers: { etag: `"${etag}"` } };
const completed = { body: `<CompleteMultipartUploadResult><ETag>"${etag}-1"</ETag></CompleteMultipartUploadResult>` };

async function on<T>(
  answer: (request: Received, count: number) => Answer,
  work: (multipart: ReturnType<typeof backendOn>["multipart"], requests: readonly Received[]) => Promise<T>,
  checksums = false,
): Promise<T> {
  await using server = await scriptedServer(answer);
  const backend = backendOn(targetOn(server.endpoint), checksums);
  try {
    return await work(backend.multipart, server.requests);
  } finally {
    await backend.close();
  }
}

/** A server that does what it is told. */
function answer({ method }: Received): Answer {
  if (method === "HEAD") return stored;
  return method === "POST" ? completed : uploaded;
}

describe("an upload in parts", () => {
  it("sends a part by its number, and completes with what the server said of it", async () => {
    await on(answer, async (multipart, requests) => {
      const part = await multipart.uploadPart("a", "i/d+1", { number: 3, offset: 0, body }, call);
      expect(part).toEqual({ number: 3, size: 10, token: etag, md5: etag });
      expect(requests[0]?.url).toBe("/bucket/a?partNumber=3&uploadId=i%2Fd%2B1");
      const written = await multipart.complete("a", "i", [part], { ...call, mode: "create", size: 10 });
      expect(written).toEqual({ etag: `${etag}-1`, version: undefined });
      expect(requests[1]?.headers).toMatchObject({ "if-none-match": "*", "x-amz-mp-object-size": "10" });
      expect(requests[1]?.body.toString()).toContain(`<ETag>&quot;${etag}&quot;</ETag><PartNumber>3</PartNumber>`);
    });
  });

  it("keeps the checksum of a part with it where checksums are asked for", async () => {
    await on(
      answer,
      async (multipart, requests) => {
        const part = await multipart.uploadPart("a", "i", { number: 1, offset: 0, body }, call);
        await multipart.complete("a", "i", [part], { ...call, size: 10 });
        const sum = requests[0]?.headers["x-amz-checksum-sha256"] as string;
        expect(requests[1]?.body.toString()).toContain(`<ChecksumSHA256>${sum}</ChecksumSHA256>`);
      },
      true,
    );
  });

  it("takes no ETag for an MD5 where the server encrypts with a key of its own kind", async () => {
    const headers = { ...uploaded.headers, "x-amz-server-side-encryption": "aws:kms" };
    await on(
      () => ({ headers }),
      async (multipart) => {
        const part = await multipart.uploadPart("a", "i", { number: 1, offset: 0, body }, call);
        expect(part.md5).toBeUndefined();
      },
    );
  });

  it.each([
    [errorBody("InternalError"), { code: "unavailable", retryable: true }],
    ["", { code: "protocol" }],
  ])("is not complete where the server says 200 with the body %j", async (body, expected) => {
    await on(
      () => ({ body }),
      async (multipart) => {
        const done = multipart.complete("a", "i", [], { ...call, size: 10 });
        await expect(done).rejects.toMatchObject(expected);
      },
    );
  });

  it("is not complete where the server says so and another object is there", async () => {
    await on(
      (request) => (request.method === "HEAD" ? { headers: { ...stored.headers, etag: '"old"' } } : answer(request)),
      async (multipart) => {
        const done = multipart.complete("a", "i", [], { ...call, size: 10 });
        await expect(done).rejects.toMatchObject({ code: "protocol", message: /another object/ });
      },
    );
  });

  it("that is unknown is not-found, and aborting it again is none", async () => {
    await on(
      () => ({ status: 404, body: errorBody("NoSuchUpload") }),
      async (multipart) => {
        const done = multipart.complete("a", "i", [], { ...call, mode: { ifMatch: "x" }, size: 10 });
        await expect(done).rejects.toMatchObject({ code: "not-found" });
        await expect(multipart.parts("a", "i", call)).rejects.toMatchObject({ code: "not-found" });
        expect(await multipart.abort("a", "i", call)).toBeUndefined();
      },
    );
  });

  it("lists its parts over several pages, by number", async () => {
    const part = (number: number): string =>
      `<Part><PartNumber>${number}</PartNumber><Size>5</Size><ETag>"${etag}"</ETag></Part>`;
    const page = (inner: string): Answer => ({ body: `<ListPartsResult>${inner}</ListPartsResult>` });
    await on(
      ({ url }) =>
        url.includes("part-number-marker=2")
          ? page(`<IsTruncated>false</IsTruncated>${part(3)}`)
          : page(`<IsTruncated>true</IsTruncated><NextPartNumberMarker>2</NextPartNumberMarker>${part(2)}${part(1)}`),
      async (multipart) => {
        const found = await multipart.parts("a", "i", call);
        expect(found.map(({ number, token }) => [number, token])).toEqual([1, 2, 3].map((number) => [number, etag]));
      },
    );
  });

  it("is found among those that are open, over several pages", async () => {
    const upload = (key: string): string =>
      `<Upload><Key>${key}</Key><UploadId>u</UploadId><Initiated>2024-01-01T00:00:00.000Z</Initiated></Upload>`;
    const page = (inner: string): Answer => ({
      body: `<ListMultipartUploadsResult><EncodingType>url</EncodingType>${inner}</ListMultipartUploadsResult>`,
    });
    await on(
      ({ url }) =>
        url.includes("key-marker=a%20b")
          ? page(upload("c"))
          : page(`<IsTruncated>true</IsTruncated><NextKeyMarker>a+b</NextKeyMarker>${upload("a+b")}`),
      async (multipart) => {
        const found = await Array.fromAsync(multipart.list("", call));
        expect(found.map(({ name }) => name)).toEqual(["a b", "c"]);
        expect(found[0]).toMatchObject({ id: "u", startedAt: new Date("2024-01-01T00:00:00Z") });
      },
    );
  });
});
