import { isSecret, Secret } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { safeCause, storeError } from "@mortise/store-kit";
import type { Credentials } from "../sign/signer.ts";
import { inTime } from "./in-time.ts";

/** Keys as users and SDKs hand them over. */
export interface S3Credentials {
  readonly accessKeyId: string | Secret;
  readonly secretAccessKey: string | Secret;
  /** Of temporary credentials. */
  readonly sessionToken?: string | Secret | undefined;
  /** Asked for again some minutes before, of those that live for minutes when half of their time is over. */
  readonly expiration?: Date | undefined;
}

/** What gives credentials whenever they are needed, for example one of `@aws-sdk/credential-providers`. */
export type S3CredentialProvider = () => Promise<S3Credentials>;

/** Milliseconds before their end at which credentials are renewed: as long as a slow upload of one part may take. */
const renewBefore = 5 * 60_000;
/** Milliseconds after which credentials without an end are asked for again: a key may be rotated. */
const keep = 60 * 60_000;

/** The credentials of one store. */
export interface Identity {
  /** Those at hand; undefined where `refresh` must be awaited. */
  current(): Credentials | undefined;
  /** Of several callers at once one asks the provider. */
  refresh(site: OperationSite): Promise<Credentials>;
  /** A server said that `refused` have expired. False where there is no provider to ask for others. */
  invalidate(refused: Credentials): boolean;
  /** `text` without the keys: servers quote requests in their messages. */
  readonly redact: (text: string) => string;
}

/** An identity from keys, or from a provider that is asked when it is first needed. */
export function createIdentity(source: S3Credentials | S3CredentialProvider): Identity {
  const provider = typeof source === "function" ? source : undefined;
  let known = typeof source === "function" ? undefined : wrap(source);
  let until = 0;
  let pending: Promise<Credentials> | undefined;

  async function ask(site: OperationSite): Promise<Credentials> {
    try {
      const given = (await provider?.()) as PartialCredentials | undefined;
      if (!isGiven(given?.accessKeyId) || !isGiven(given?.secretAccessKey)) {
        throw new Error("the provider answered without an access key and a secret key");
      }
      known = wrap(given as S3Credentials);
    } catch (error) {
      throw storeError(site, "unauthenticated", "no AWS credentials could be found", {
        cause: safeCause(error),
        hint: "give access_key and secret_key, or those that AWS's tools find, such as AWS_ACCESS_KEY_ID",
      });
    }
    const now = Date.now();
    const left = known.expiration === undefined ? keep + renewBefore : known.expiration.getTime() - now;
    // Those that live for minutes would otherwise be asked for by every request.
    until = now + Math.max(left - renewBefore, left / 2);
    return known;
  }

  return {
    current: () => (provider === undefined || Date.now() < until ? known : undefined),
    async refresh(site) {
      pending ??= inTime(site, "credentials", () => ask(site)).finally(() => {
        pending = undefined;
      });
      return await pending;
    },
    invalidate(refused) {
      // Late refusals of the old ones say nothing about those that came meanwhile.
      if (known === refused) until = 0;
      return provider !== undefined;
    },
    redact(text) {
      let safe = text;
      for (const secret of [known?.accessKeyId, known?.secretAccessKey, known?.sessionToken]) {
        if (secret !== undefined && secret.reveal() !== "") safe = safe.replaceAll(secret.reveal(), "[secret]");
      }
      return safe;
    },
  };
}

function isGiven(value: string | Secret | undefined): boolean {
  return isSecret(value) ? value.reveal() !== "" : typeof value === "string" && value !== "";
}

function secretOf(value: string | Secret): Secret {
  return isSecret(value) ? value : new Secret(value);
}

function wrap({ accessKeyId, secretAccessKey, sessionToken, expiration }: S3Credentials): Credentials {
  return {
    accessKeyId: secretOf(accessKeyId),
    secretAccessKey: secretOf(secretAccessKey),
    sessionToken: isGiven(sessionToken) ? secretOf(sessionToken as string | Secret) : undefined,
    expiration,
  };
}

/** Credentials of which some may be missing. */
export type PartialCredentials = { readonly [K in keyof S3Credentials]?: S3Credentials[K] | undefined };

/** Both or neither. Throws `invalid-config` for one of two keys, or a token without them. */
export function checkCredentials(site: OperationSite, given: PartialCredentials): S3Credentials | undefined {
  const { accessKeyId, secretAccessKey } = given;
  const [access, secret, token] = [accessKeyId, secretAccessKey, given.sessionToken].map(isGiven);
  if (access === true && secret === true) return given as S3Credentials;
  if (access !== true && secret !== true && token !== true) return undefined;
  const missing = access !== true ? "access key" : "secret key";
  throw storeError(site, "invalid-config", `incomplete credentials: the ${missing} is missing`, {
    hint: "give both keys, or neither",
  });
}
