import type { OperationSite } from "@mortise/store-kit";
import type { AuthClient, GoogleAuth } from "google-auth-library";
import { configError } from "../errors.ts";
import type { GcsAuthClient, GcsStoreOptions } from "../options.ts";
import type { Endpoint } from "./endpoint.ts";
import { chooseEndpoint, isPrivate } from "./endpoint.ts";
import { authFor } from "./google-auth.ts";
import type { TokenSetting } from "./token-setting.ts";
import { checkKeyJson, readToken } from "./token-setting.ts";
import type { Tokens } from "./tokens.ts";
import { anonymous, createTokens } from "./tokens.ts";

/** Where requests go and as whom. */
export interface Access extends Endpoint {
  readonly tokens: Tokens;
  /** For signatures; undefined where requests go without credentials. */
  readonly auth: (() => Promise<AuthClient | GoogleAuth>) | undefined;
}

/**
 * What is named for this store wins over the environment, in code before configuration: `authClient`, `storage`,
 * `credentials`, `token`. Credentials of the environment go to Google's own servers only: to an emulator or another server
 * they go only if they are named. Throws `invalid-config` for options that contradict each other.
 */
export async function resolveAccess(site: OperationSite, options: GcsStoreOptions): Promise<Access> {
  const { storage } = options;
  const endpoint = chooseEndpoint(site, options.endpoint ?? storage?.apiEndpoint);
  const injected = options.authClient ?? storageAuth(options);
  const given = [options.authClient, options.credentials, options.token].filter((each) => each !== undefined);
  if (given.length > 1) {
    throw configError(site, "more than one of authClient, credentials and token is given", "leave all but one out");
  }
  if (injected !== undefined) return withClient(site, endpoint, async () => injected);
  const setting = await settingOf(site, options);
  if (setting.kind === "anonymous" || (setting.kind === "ambient" && !endpoint.google)) {
    return { ...endpoint, tokens: anonymous, auth: undefined };
  }
  let made: Promise<GoogleAuth> | undefined;
  return withClient(site, endpoint, () => (made ??= authFor(setting)));
}

function storageAuth({ storage, credentials, token }: GcsStoreOptions): GcsAuthClient | undefined {
  if (storage === undefined || credentials !== undefined || token !== undefined) return undefined;
  return storage.customEndpoint === true && storage.useAuthWithCustomEndpoint !== true ? undefined : storage.authClient;
}

async function settingOf(site: OperationSite, { credentials, token }: GcsStoreOptions): Promise<TokenSetting> {
  if (credentials === undefined) return await readToken(site, token);
  return { kind: "key", key: checkKeyJson(site, credentials, "`credentials`") };
}

function withClient(site: OperationSite, endpoint: Endpoint, load: () => Promise<GcsAuthClient>): Access {
  if (!isPrivate(endpoint.origin)) {
    throw configError(
      site,
      `a token would go to ${endpoint.origin} in the clear`,
      "use an https endpoint; an emulator needs no credentials: leave `token` out or set it to anon",
    );
  }
  // What signs has more methods than what gives tokens; an injected client that lacks them says so when it is asked to.
  return { ...endpoint, tokens: createTokens(load), auth: load as () => Promise<AuthClient | GoogleAuth> };
}
