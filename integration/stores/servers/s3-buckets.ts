import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3";
import { newBucketName, type Place } from "./place.ts";

/** Keys of the only user of a server; nothing else than these tests reaches it. */
export const credentials = { accessKeyId: "mortise-tests", secretAccessKey: "a-secret-of-the-tests" } as const;

export interface BucketOptions {
  /** Keeps what is overwritten or deleted. */
  readonly versioned?: boolean | undefined;
}

/** Creates a bucket as its owner would, with the vendor's client: what is under test creates none. */
export async function createBucket(origin: string, { versioned = false }: BucketOptions = {}): Promise<Place> {
  const client = new S3Client({ endpoint: origin, region: "us-east-1", forcePathStyle: true, credentials });
  const bucket = newBucketName();
  try {
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    if (versioned) {
      const VersioningConfiguration = { Status: "Enabled" } as const;
      await client.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }));
    }
  } finally {
    client.destroy();
  }
  return {
    shared: { protocol: "s3", endpoint: new URL(origin).host, bucket, secure: false },
    ours: {},
    secrets: { access_key: credentials.accessKeyId, secret_key: credentials.secretAccessKey },
  };
}
