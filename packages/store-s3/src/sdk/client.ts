import type * as SdkModule from "@aws-sdk/client-s3";
import type { S3Client } from "@aws-sdk/client-s3";
import { isMortiseError } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { safeCause, storeError } from "@mortise/store-kit";
import type { Connection, Target } from "../connect/connection.ts";
import type { Credentials } from "../sign/signer.ts";
import type { SdkCall } from "./handler.ts";
import { createHandler, Learned } from "./handler.ts";

/** As much of the type of a command as tells its answer. */
export interface SdkCommand<Output> {
  resolveMiddleware(...given: never[]): (given: never) => Promise<{ readonly output: Output }>;
}

/**
 * The SDK for what is rare or intricate, loaded at its first use: 100 ms and 34 MiB that a store of single objects never
 * pays. Its retries are off: they are made above all backends.
 */
export interface Sdk {
  /** Runs one command. What it throws is a store error. */
  run<Output>(options: SdkCall, command: (sdk: typeof SdkModule) => SdkCommand<Output>): Promise<Output>;
  /** A client for signing only, for an address that the server itself need not know. */
  signingClient(
    site: OperationSite,
    endpoint: string | undefined,
  ): Promise<{ client: S3Client; expiration: Date | undefined }>;
  close(): void;
}

/** A client that is given our own options with a command. */
interface CommandClient {
  send<Output>(command: SdkCommand<Output>, options: SdkCall): Promise<Output>;
}

/** The SDK of one target. */
export function createSdk(target: Target): Sdk {
  const handle = createHandler(target);
  let made: { client: S3Client; connection: Connection; credentials: Credentials } | undefined;

  async function newClient(connection: Connection, credentials: Credentials, endpoint: string): Promise<S3Client> {
    const { S3Client: Client } = await import("@aws-sdk/client-s3");
    const { accessKeyId, secretAccessKey, sessionToken } = credentials;
    return new Client({
      region: connection.region,
      endpoint,
      forcePathStyle: connection.address.pathStyle,
      credentials: {
        accessKeyId: accessKeyId.reveal(),
        secretAccessKey: secretAccessKey.reveal(),
        ...(sessionToken === undefined ? {} : { sessionToken: sessionToken.reveal() }),
      },
      maxAttempts: 1,
      requestChecksumCalculation: "WHEN_REQUIRED",
      responseChecksumValidation: "WHEN_REQUIRED",
      followRegionRedirects: false,
      // Said here so that no environment variable or profile changes where requests go.
      useDualstackEndpoint: false,
      useFipsEndpoint: false,
      disableS3ExpressSessionAuth: true,
      systemClockOffset: target.clock.offset,
      requestHandler: {
        handle: handle as never,
        updateHttpClientConfig: () => undefined,
        httpHandlerConfigs: () => ({}),
      },
    });
  }

  async function current(site: OperationSite): Promise<S3Client> {
    const connection = target.connection() ?? (await target.connect(site));
    const credentials = target.identity.current() ?? (await target.identity.refresh(site));
    if (made?.connection !== connection || made.credentials !== credentials) {
      made = { client: await newClient(connection, credentials, connection.endpoint), connection, credentials };
    }
    made.client.config.systemClockOffset = target.clock.offset;
    return made.client;
  }

  return {
    async run(options, command) {
      const sdk = await import("@aws-sdk/client-s3");
      for (let again = false; ; again = true) {
        try {
          const client = await current(options.call.site);
          // The SDK hands its options on to the handler, whatever they are.
          return await (client as unknown as CommandClient).send(command(sdk), options);
        } catch (error) {
          if (!(error instanceof Learned)) throw worded(options.call.site, error);
          if (again) throw error.refusal;
        }
      }
    },
    async signingClient(site, endpoint) {
      const connection = await target.connect(site);
      const credentials = target.identity.current() ?? (await target.identity.refresh(site));
      const client = await newClient(connection, credentials, endpoint ?? connection.endpoint);
      return { client, expiration: credentials.expiration };
    },
    close() {
      made?.client.destroy();
      made = undefined;
    },
  };
}

/** The SDK adds fields to what passes through it, and its own errors carry requests. */
function worded(site: OperationSite, error: unknown): Error {
  if (isMortiseError(error)) {
    for (const added of ["$metadata", "$response"]) Reflect.deleteProperty(error, added);
    return error;
  }
  const cause = safeCause(error);
  return storeError(site, "protocol", `the answer could not be read (${cause.message})`, { cause });
}
