// The honest server against the vendor's own client: only what passes here may be called a lie elsewhere.
import { randomBytes } from "node:crypto";
import { PassThrough } from "node:stream";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { type S3Server, startS3Server } from "./server.ts";

const credentials = { accessKey: "AKIALOOPBACK", secretKey: "loopback-secret" };
const Bucket = "lab";

const clientOf = (server: S3Server, more: S3ClientConfig = {}): S3Client =>
  new S3Client({
    endpoint: server.origin,
    region: "us-east-1",
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId: credentials.accessKey, secretAccessKey: credentials.secretKey },
    ...more,
  });

const named = (name: string) => expect.objectContaining({ name });

describe("the loopback S3 server, asked by the vendor's client", () => {
  it("keeps objects with their metadata and checksums, and answers ranges", async () => {
    await using server = await startS3Server({ credentials });
    using client = disposable(clientOf(server));
    const Key = "a folder/ü + %?#&=.bin";
    const Body = randomBytes(10_000);
    const put = await client.send(
      new PutObjectCommand({ Bucket, Key, Body, Metadata: { who: "me" }, ChecksumAlgorithm: "CRC32C" }),
    );
    expect(server.bucket.contents()).toEqual(new Map([[Key, Body]]));
    const head = await client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: "ENABLED" }));
    expect(head).toMatchObject({ ContentLength: 10_000, ETag: put.ETag, Metadata: { who: "me" } });
    expect(head.ChecksumCRC32C).toBe(put.ChecksumCRC32C);
    const part = await client.send(new GetObjectCommand({ Bucket, Key, Range: "bytes=9990-20000" }));
    expect(await part.Body?.transformToByteArray()).toEqual(new Uint8Array(Body.subarray(9990)));
    expect(part.ContentRange).toBe("bytes 9990-9999/10000");
    await expect(client.send(new GetObjectCommand({ Bucket, Key, Range: "bytes=10000-" }))).rejects.toEqual(
      named("InvalidRange"),
    );
    await expect(client.send(new GetObjectCommand({ Bucket, Key: "none" }))).rejects.toEqual(named("NoSuchKey"));
    await client.send(new DeleteObjectCommand({ Bucket, Key }));
    await client.send(new DeleteObjectCommand({ Bucket, Key }));
    expect(server.bucket.objects.size).toBe(0);
    expect(server.counts).toMatchObject({ PutObject: 1, HeadObject: 1, GetObject: 3, DeleteObject: 2 });
  });

  it.each(["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const)("refuses a wrong %s", async (algorithm) => {
    await using server = await startS3Server({ credentials });
    using client = disposable(clientOf(server));
    const wrong = { [`Checksum${algorithm}`]: Buffer.alloc(algorithm === "CRC64NVME" ? 8 : 4).toString("base64") };
    const put = client.send(new PutObjectCommand({ Bucket, Key: "k", Body: "123456789", ...wrong }));
    await expect(put).rejects.toEqual(named("XAmzContentChecksumMismatch"));
    expect(server.bucket.objects.size).toBe(0);
  });

  it("takes the right CRC-64/NVME and stores framed bodies without their frames", async () => {
    await using server = await startS3Server({ credentials });
    using client = disposable(clientOf(server));
    const ChecksumCRC64NVME = "rosUhgp5mIg=";
    await client.send(new PutObjectCommand({ Bucket, Key: "check", Body: "123456789", ChecksumCRC64NVME }));
    const bytes = randomBytes(100_000);
    const Body = new PassThrough().end(bytes);
    await client.send(new PutObjectCommand({ Bucket, Key: "framed", Body, ContentLength: bytes.byteLength }));
    expect(server.bucket.objects.get("framed")?.body).toEqual(bytes);
  });

  it("honours If-None-Match and If-Match on put, delete, complete and copy", async () => {
    await using server = await startS3Server({ credentials });
    using client = disposable(clientOf(server));
    const { ETag } = await client.send(new PutObjectCommand({ Bucket, Key: "k", Body: "1", IfNoneMatch: "*" }));
    const again = client.send(new PutObjectCommand({ Bucket, Key: "k", Body: "2", IfNoneMatch: "*" }));
    await expect(again).rejects.toEqual(named("PreconditionFailed"));
    await client.send(new PutObjectCommand({ Bucket, Key: "k", Body: "3", IfMatch: ETag }));
    for (const command of [
      new PutObjectCommand({ Bucket, Key: "k", Body: "4", IfMatch: ETag }),
      new DeleteObjectCommand({ Bucket, Key: "k", IfMatch: ETag }),
      new CopyObjectCommand({ Bucket, Key: "k", CopySource: "lab/k", IfNoneMatch: "*" }),
      new CopyObjectCommand({ Bucket, Key: "l", CopySource: "lab/k", CopySourceIfMatch: ETag }),
      new GetObjectCommand({ Bucket, Key: "k", IfMatch: ETag }),
    ])
      await expect(client.send(command as GetObjectCommand)).rejects.toEqual(named("PreconditionFailed"));
    await client.send(new CopyObjectCommand({ Bucket, Key: "l", CopySource: "lab/k", IfNoneMatch: "*" }));
    expect(server.bucket.contents()).toEqual(
      new Map([
        ["k", Buffer.from("3")],
        ["l", Buffer.from("3")],
      ]),
    );
  });

  it("lists in byte order, by pages, prefix, delimiter and start", async () => {
    await using server = await startS3Server({ credentials });
    using client = disposable(clientOf(server));
    const keys = ["a", "d/\u{1F600}", "d/\uFFFD", "d/x/1", "d/x/2", "d/&<é", "e"];
    for (const Key of keys) await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
    const pages = async (given: object): Promise<readonly (string | undefined)[]> => {
      const found: (string | undefined)[] = [];
      let token: string | undefined;
      do {
        const page: { NextContinuationToken?: string | undefined } & Record<"Contents" | "CommonPrefixes", unknown> =
          (await client.send(new ListObjectsV2Command({ Bucket, ...given, ContinuationToken: token }))) as never;
        found.push(...((page.Contents ?? []) as { Key?: string }[]).map(({ Key }) => Key));
        found.push(...((page.CommonPrefixes ?? []) as { Prefix?: string }[]).map(({ Prefix }) => Prefix));
        token = page.NextContinuationToken;
      } while (token !== undefined);
      return found;
    };
    expect(await pages({ MaxKeys: 2 })).toEqual(["a", "d/&<é", "d/x/1", "d/x/2", "d/\uFFFD", "d/\u{1F600}", "e"]);
    expect(await pages({ Prefix: "d/x", StartAfter: "d/x/1" })).toEqual(["d/x/2"]);
    expect(await pages({ MaxKeys: 1, Prefix: "d/", Delimiter: "/" })).toEqual([
      "d/&<é",
      "d/x/",
      "d/\uFFFD",
      "d/\u{1F600}",
    ]);
  });

  it("joins parts, copies parts, lists uploads and parts, and forgets aborted uploads", async () => {
    await using server = await startS3Server({ credentials });
    using client = disposable(clientOf(server));
    const Body = randomBytes(5 * 1024 ** 2);
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: "big" }));
    const one = await client.send(new UploadPartCommand({ Bucket, Key: "big", UploadId, PartNumber: 1, Body }));
    await client.send(new PutObjectCommand({ Bucket, Key: "source", Body: "0123456789" }));
    const two = await client.send(
      new UploadPartCopyCommand({
        Bucket,
        Key: "big",
        UploadId,
        PartNumber: 2,
        CopySource: "lab/source",
        CopySourceRange: "bytes=2-4",
      }),
    );
    const listed = await client.send(new ListPartsCommand({ Bucket, Key: "big", UploadId }));
    expect(listed.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [1, Body.byteLength],
      [2, 3],
    ]);
    const uploads = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: "b" }));
    expect(uploads.Uploads?.map((upload) => upload.UploadId)).toEqual([UploadId]);
    const Parts = [
      { PartNumber: 1, ETag: one.ETag },
      { PartNumber: 2, ETag: two.CopyPartResult?.ETag },
    ];
    const complete = { Bucket, Key: "big", UploadId, MultipartUpload: { Parts } };
    await client.send(new CompleteMultipartUploadCommand({ ...complete, IfNoneMatch: "*" }));
    expect(server.bucket.objects.get("big")?.body.equals(Buffer.concat([Body, Buffer.from("234")]))).toBe(true);
    await expect(client.send(new CompleteMultipartUploadCommand(complete))).rejects.toEqual(named("NoSuchUpload"));
    const second = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: "big" }));
    await client.send(new AbortMultipartUploadCommand({ Bucket, Key: "big", UploadId: second.UploadId }));
    expect(server.bucket.uploads.size).toBe(0);
  });

  it("deletes many with an answer for each, and knows its bucket", async () => {
    await using server = await startS3Server({ credentials });
    using client = disposable(clientOf(server));
    await client.send(new PutObjectCommand({ Bucket, Key: "a&b", Body: "1" }));
    const Objects = [{ Key: "a&b" }, { Key: "none" }];
    const answer = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(answer.Deleted?.map(({ Key }) => Key)).toEqual(["a&b", "none"]);
    expect(server.bucket.objects.size).toBe(0);
    await client.send(new HeadBucketCommand({ Bucket }));
    const other = client.send(new ListObjectsV2Command({ Bucket: "other" }));
    await expect(other).rejects.toEqual(named("NoSuchBucket"));
  });

  it("refuses other keys, other secrets, another region and clocks that are wrong", async () => {
    await using server = await startS3Server({ credentials });
    const refusal = async (more: S3ClientConfig): Promise<unknown> => {
      using client = disposable(clientOf(server, more));
      return await client.send(new ListObjectsV2Command({ Bucket })).catch((error: unknown) => error);
    };
    const { accessKey: accessKeyId, secretKey: secretAccessKey } = credentials;
    expect(await refusal({ credentials: { accessKeyId: "x", secretAccessKey } })).toEqual(named("InvalidAccessKeyId"));
    expect(await refusal({ credentials: { accessKeyId, secretAccessKey: "x" } })).toEqual(
      named("SignatureDoesNotMatch"),
    );
    expect(await refusal({ region: "eu-west-1" })).toEqual(named("AuthorizationHeaderMalformed"));
    expect(await refusal({ systemClockOffset: 1_200_000 })).toEqual(named("RequestTimeTooSkewed"));
  });
});

const disposable = (client: S3Client): S3Client & Disposable =>
  Object.assign(client, { [Symbol.dispose]: () => client.destroy() });
