// What lies in a store, seen beside the product: the check must not depend on the code under test.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { GetObjectCommand, NoSuchKey, paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import type { Place } from "../stores/servers/place.ts";
import { storedObjects } from "./scene.ts";

export interface SeenObjects {
  /** Paths in the store's sections. */
  paths(): Promise<readonly string[]>;
  /** Undefined where there is no such object. */
  read(path: string): Promise<Uint8Array | undefined>;
}

export function objectsInFolder(root: string): SeenObjects {
  return {
    paths: async () => storedObjects(root),
    read: async (path) => {
      try {
        return await readFile(join(root, path));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw error;
      }
    },
  };
}

/** By the vendor's client. */
export function objectsInBucket({ shared, secrets }: Place, location: string): SeenObjects {
  const { access_key: accessKeyId = "", secret_key: secretAccessKey = "" } = secrets;
  const Bucket = String(shared["bucket"]);
  const client = new S3Client({
    endpoint: `http://${shared["endpoint"]}`,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  });
  return {
    async paths() {
      const found: string[] = [];
      for (const section of ["_hash", "_schema"]) {
        const Prefix = `${location}/${section}/`;
        for await (const page of paginateListObjectsV2({ client }, { Bucket, Prefix })) {
          found.push(...(page.Contents ?? []).map(({ Key = "" }) => Key.slice(location.length + 1)));
        }
      }
      return found;
    },
    async read(path) {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: `${location}/${path}` }));
        return await Body?.transformToByteArray();
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
  };
}
