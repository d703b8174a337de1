import type { ObjectKey } from "../keys/object-key.ts";

export interface PresignRequest {
  readonly method: "GET" | "PUT" | "HEAD" | "DELETE";
  readonly key: ObjectKey;
  readonly expiresInSeconds: number;
  readonly contentType?: string | undefined;
}

/** A request that anybody may send until `expiresAt`: treat `url` as a secret. */
export interface PresignedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly expiresAt: Date;
}
