import type { PresignedRequest } from "@mortise/core";
import { storeError } from "@mortise/store-kit";
import type { CloudBackend } from "@mortise/store-kit/cloud";
import type { Target } from "../connect/connection.ts";
import type { Sdk } from "../sdk/client.ts";

/** Seconds: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */
const longest = 7 * 24 * 3600;

const commands = { GET: "Get", HEAD: "Head", DELETE: "Delete", PUT: "Put" } as const;

/**
 * Signed URLs, made here without asking the server. One that is signed with temporary credentials ends with them; a
 * content type is part of what is signed, and must be sent.
 */
export function createPresign(
  target: Target,
  sdk: Sdk,
  storeName: string,
  publicEndpoint: string | undefined,
): NonNullable<CloudBackend["presign"]> {
  return async (name, { method, key, expiresInSeconds, contentType }): Promise<PresignedRequest> => {
    const site = { operation: "presign", store: storeName, key };
    if (expiresInSeconds > longest) {
      throw storeError(site, "unsupported", `expiresInSeconds is ${expiresInSeconds}, at most ${longest} are signed`);
    }
    const [{ getSignedUrl }, s3] = await Promise.all([
      import("@aws-sdk/s3-request-presigner"),
      import("@aws-sdk/client-s3"),
    ]);
    const input = {
      Bucket: target.bucket,
      Key: name,
      ...(contentType === undefined ? {} : { ContentType: contentType }),
    };
    // Their inputs differ in what is not given here.
    const Command = s3[`${commands[method]}ObjectCommand`] as typeof s3.PutObjectCommand;
    const command = new Command(input);
    const { client, credentials } = await sdk.client(s3, site, publicEndpoint);
    const signed = new Date(Date.now() + target.clock.offset);
    const bound = contentType !== undefined;
    const url = await getSignedUrl(client, command, {
      expiresIn: expiresInSeconds,
      signingDate: signed,
      ...(bound ? { signableHeaders: new Set(["content-type", "host"]) } : {}),
    });
    const end = Date.now() + expiresInSeconds * 1000;
    return {
      method,
      url,
      headers: bound ? { "content-type": contentType } : {},
      expiresAt: new Date(Math.min(end, credentials.expiration?.getTime() ?? end)),
    };
  };
}
