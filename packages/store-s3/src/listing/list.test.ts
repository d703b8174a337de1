import { describe, expect, it } from "vitest";
import { scriptedServer } from "../testing/server.ts";
import { backendOn, call, targetOn } from "../testing/target.ts";

const page = (inner: string): string =>
  `<ListBucketResult><Name>bucket</Name><KeyCount>1</KeyCount>${inner}</ListBucketResult>`;
const object = (key: string): string =>
  `<Contents><Key>${key}</Key><Size>3</Size><LastModified>2024-01-01T00:00:00.000Z</LastModified><ETag>&#34;e1&#34;</ETag></Contents>`;

async function list(body: string) {
  await using server = await scriptedServer(() => ({ body }));
  const backend = backendOn(targetOn(server.endpoint));
  try {
    return await backend.list({ ...call, prefix: "p/", delimiter: "/", startAfter: "p/a", limit: 5_000 });
  } finally {
    await backend.close();
  }
}

describe("a listing", () => {
  it("has decoded names where the server encodes them", async () => {
    const found = await list(
      page(
        `<EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>${object("p/a+b%2Bc%E2%82%AC")}<CommonPrefixes><Prefix>p/d+e/</Prefix></CommonPrefixes>`,
      ),
    );
    expect(found).toEqual({
      objects: [{ name: "p/a b+c€", size: 3, lastModified: new Date("2024-01-01T00:00:00Z"), etag: "e1" }],
      prefixes: ["p/d e/"],
      next: undefined,
    });
  });

  it("has names as they are where the server does not say that it encodes", async () => {
    const found = await list(page(`<IsTruncated>false</IsTruncated>${object("p/100%25+1")}`));
    expect(found.objects.map(({ name }) => name)).toEqual(["p/100%25+1"]);
  });

  it("goes on by the server's token, and is refused where there is none", async () => {
    const more = "<IsTruncated>true</IsTruncated>";
    expect((await list(page(`${more}<NextContinuationToken>t1</NextContinuationToken>`))).next).toBe("t1");
    await expect(list(page(more))).rejects.toMatchObject({ code: "protocol" });
  });

  it("goes on where only the token says that there is more, and ends where the server says so", async () => {
    const token = "<NextContinuationToken>t1</NextContinuationToken>";
    expect((await list(page(token))).next).toBe("t1");
    expect((await list(page(`<IsTruncated>false</IsTruncated>${token}`))).next).toBeUndefined();
    expect((await list(page("<NextContinuationToken/>"))).next).toBeUndefined();
  });

  it("that was cut is refused, in words for its reader", async () => {
    const cut = list(`<ListBucketResult><Name>bucket</Name><IsTruncated>false</IsTruncated>${object("p/a")}`);
    await expect(cut).rejects.toMatchObject({
      code: "protocol",
      message: expect.not.stringMatching(/\n|\$response/) as string,
    });
  });
});
