import type { GoogleAuth, JWTInput } from "google-auth-library";
import type { TokenSetting } from "./token-setting.ts";

const scopes = ["https://www.googleapis.com/auth/devstorage.full_control"];

/** A client for the credentials that the configuration names. Loads `google-auth-library`. */
export async function authFor(setting: Exclude<TokenSetting, { kind: "anonymous" }>): Promise<GoogleAuth> {
  const { Compute, GoogleAuth, JWT, OAuth2Client, UserRefreshClient } = await import("google-auth-library");
  if (setting.kind === "key") {
    const key = setting.key as JWTInput;
    const client = key.type === "service_account" ? new JWT({ scopes }) : new UserRefreshClient();
    // The library warns of this way on the console, so that it is only for what has no other.
    if (key.type !== "service_account" && key.type !== "authorized_user") {
      return new GoogleAuth({ scopes, credentials: key });
    }
    client.fromJSON(key);
    const auth = wrap(new GoogleAuth({ scopes, authClient: client }));
    // Signed URLs name the account, which the library takes from here.
    auth.jsonContent = key;
    return auth;
  }
  if (setting.kind === "machine") return wrap(new GoogleAuth({ scopes, authClient: new Compute({ scopes }) }));
  if (setting.kind === "ambient") return new GoogleAuth({ scopes });
  const client = new OAuth2Client();
  client.setCredentials({ access_token: setting.token });
  return wrap(new GoogleAuth({ authClient: client }));
}

// Each kind of client is a type argument of its own, and none of our calls depends on it.
const wrap = (auth: unknown): GoogleAuth => auth as GoogleAuth;
