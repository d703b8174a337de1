/** V4 signed URLs (https://cloud.google.com/storage/docs/access-control/signed-urls), made by Google's library. */
import type { GetSignedUrlConfig, Storage } from "@google-cloud/storage";
import type { PresignedRequest, PresignRequest } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { safeCause, storeError } from "@mortise/store-kit";
import type { AuthClient, GoogleAuth } from "google-auth-library";

/** Seven days, V4's limit. */
const maxSeconds = 604_800;

const actions: Readonly<Record<string, GetSignedUrlConfig["action"]>> = { GET: "read", PUT: "write", DELETE: "delete" };

/** What signed URLs are made from. */
export interface Signing {
  readonly bucket: string;
  /** What URLs name. */
  readonly origin: string;
  readonly auth: () => Promise<AuthClient | GoogleAuth>;
}

/** Signs by `@google-cloud/storage`, which is loaded by the first call. */
export function createPresign({ bucket, origin, auth }: Signing) {
  let loading: Promise<Storage> | undefined;

  async function load(): Promise<Storage> {
    const authClient = await auth();
    const { Storage } = await import("@google-cloud/storage");
    // The endpoint is named with each URL as well: STORAGE_EMULATOR_HOST would replace this one.
    return new Storage({ authClient, apiEndpoint: origin, retryOptions: { autoRetry: false } });
  }

  return async (site: OperationSite, name: string, request: PresignRequest): Promise<PresignedRequest> => {
    const { method, expiresInSeconds, contentType } = request;
    const action = actions[method];
    if (action === undefined) throw storeError(site, "unsupported", `URLs for ${method} can't be signed here`);
    if (!(expiresInSeconds >= 1 && expiresInSeconds <= maxSeconds)) {
      throw storeError(site, "unsupported", `a signed URL can't hold for ${expiresInSeconds} seconds`, {
        hint: `from 1 to ${maxSeconds} seconds are allowed (seven days)`,
      });
    }
    loading ??= load();
    try {
      const storage = await loading;
      // Whole seconds, as the signature has them.
      const start = Math.floor(Date.now() / 1_000) * 1_000;
      const expires = start + Math.floor(expiresInSeconds) * 1_000;
      const [url] = await storage
        .bucket(bucket)
        .file(name)
        .getSignedUrl({
          version: "v4",
          action,
          accessibleAt: start,
          expires,
          host: origin,
          ...(contentType === undefined ? {} : { contentType }),
        });
      const headers = contentType === undefined ? {} : { "content-type": contentType };
      return { method, url, headers, expiresAt: new Date(expires) };
    } catch (error) {
      loading = undefined;
      throw signingError(site, error);
    }
  };
}

function signingError(site: OperationSite, cause: unknown): Error {
  const { name, message = "" } = cause as Partial<Error>;
  if (name === "StoreError") return cause as Error;
  return storeError(site, "unauthenticated", "these credentials can't sign a URL", {
    hint: /client_email|signBlob|iam/i.test(message)
      ? "use a key file of a service account, or grant the account iam.serviceAccounts.signBlob on itself"
      : "use a key file of a service account",
    cause: safeCause(cause),
  });
}
