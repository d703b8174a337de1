import type * as SdkModule from "@aws-sdk/client-s3";
import type { S3Client } from "@aws-sdk/client-s3";
import { isMortiseError } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { safeCause, storeError } from "@mortise/store-kit";
import type { Connection, Target } from "../connect/connection.ts";
import type { Credentials } from "../sign/signer.ts";
import type { Signed } from "../wire/learn.ts";
import type { SdkCall, SentCall } from "./handler.ts";
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
  /** A client for an address that the server itself need not know, where one is given: that one is for signing only. */
  client(sdk: typeof SdkModule, site: OperationSite, endpoint?: string): Promise<Made>;
}

/** A client and what it was made with. Nothing has to be freed: the sockets are the transport's. */
export interface Made extends Omit<Signed, "offset"> {
  readonly client: S3Client;
}

/** A client that is given our own options with a command. */
interface CommandClient {
  send<Output>(command: SdkCommand<Output>, options: SentCall): Promise<Output>;
}

/** The SDK of one target. */
export function createSdk(target: Target): Sdk {
  const handle = createHandler(target);
  /** By endpoint. */
  const clients = new Map<string, Made>();

  function newClient(
    sdk: typeof SdkModule,
    connection: Connection,
    credentials: Credentials,
    endpoint: string,
  ): S3Client {
    const { accessKeyId, secretAccessKey, sessionToken } = credentials;
    return new sdk.S3Client({
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

  async function client(sdk: typeof SdkModule, site: OperationSite, other?: string): Promise<Made> {
    const connection = target.connection() ?? (await target.connect(site));
    const credentials = target.identity.current() ?? (await target.identity.refresh(site));
    const endpoint = other ?? connection.endpoint;
    let made = clients.get(endpoint);
    if (made?.connection !== connection || made.credentials !== credentials) {
      made = { client: newClient(sdk, connection, credentials, endpoint), connection, credentials };
      clients.set(endpoint, made);
    }
    return made;
  }

  return {
    async run(options, command) {
      const sdk = await import("@aws-sdk/client-s3");
      for (let again = false; ; again = true) {
        try {
          const { client: sender, connection, credentials } = await client(sdk, options.call.site);
          const { offset } = target.clock;
          sender.config.systemClockOffset = offset;
          const sent = { ...options, signed: { connection, credentials, offset } };
          // The SDK hands its options on to the handler, whatever they are.
          return await (sender as unknown as CommandClient).send(command(sdk), sent);
        } catch (error) {
          if (!(error instanceof Learned)) throw worded(options.call.site, error);
          if (again) throw error.refusal;
        }
      }
    },
    client,
  };
}

/** The SDK adds fields to what passes through it, and its own errors carry requests. */
function worded(site: OperationSite, error: unknown): Error {
  if (isMortiseError(error)) {
    for (const added of ["$metadata", "$response"]) Reflect.deleteProperty(error, added);
    return error;
  }
  const cause = safeCause(error);
  // Further lines tell programmers where the SDK keeps the answer.
  return storeError(site, "protocol", `the answer could not be read (${cause.message.split("\n", 1)[0]})`, { cause });
}
