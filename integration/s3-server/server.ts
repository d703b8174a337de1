import { createServer, type Socket } from "node:net";
import { Bucket } from "./bucket.ts";
import { converse, type Responder } from "./connection.ts";
import type { Fault, Handler, Scene } from "./faults/fault.ts";
import { type Operation, type S3Answer, type S3Request } from "./message.ts";
import { perform } from "./operations/route.ts";
import { type Credentials, refusedSignature } from "./signature.ts";

export type Counts = Partial<Record<Operation, number>>;

export interface ServerOptions {
  /** Default `lab`. */
  readonly bucket?: string | undefined;
  /** Default `us-east-1`. */
  readonly region?: string | undefined;
  /** Signatures are checked where these are given. */
  readonly credentials?: Omit<Credentials, "region"> | undefined;
  /** The first is nearest to the client. */
  readonly faults?: readonly Fault[] | undefined;
  /** Origin that redirects point to. */
  readonly elsewhere?: string | undefined;
  /** Bytes of every part but the last. Default 5 MiB. */
  readonly minPart?: number | undefined;
}

export interface S3Server extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`. */
  readonly origin: string;
  readonly bucket: Bucket;
  /** Requests by operation since the start or the last `forget`. */
  readonly counts: Counts;
  /** Other faults from now on, in their first state. */
  misbehave(...faults: readonly Fault[]): void;
  forget(): void;
}

/** An S3 server with one bucket in memory, on a free port of the loopback. Requests to `/_counts` are answered with the counts. */
export async function startS3Server(options: ServerOptions = {}): Promise<S3Server> {
  const bucket = new Bucket(options.bucket ?? "lab", options.minPart);
  const region = options.region ?? "us-east-1";
  const scene: Scene = { bucket, region, elsewhere: options.elsewhere ?? "http://127.0.0.1:9", flags: {} };
  let counts: Counts = {};
  let handlers: readonly Handler[] = [];
  let innermost: (request: S3Request) => S3Answer;

  const misbehave = (...faults: readonly Fault[]): void => {
    scene.flags = {};
    handlers = faults.map(({ install }) => install(scene));
    innermost = handlers.reduceRight<(request: S3Request) => S3Answer>(
      (next, handler) =>
        handler.answer === undefined ? next : (request) => handler.answer?.(request, next) ?? next(request),
      (request) => perform(bucket, region, request),
    );
  };
  const refusalOf = (request: S3Request): S3Answer | undefined =>
    options.credentials === undefined
      ? undefined
      : refusedSignature(request, { ...options.credentials, region }, { ignoreExpiry: scene.flags.ignoreExpiry });
  misbehave(...(options.faults ?? []));

  const responder: Responder = {
    cutRequest(head) {
      for (const { cutRequest } of handlers) {
        const at = cutRequest?.(head);
        if (at !== undefined) return at;
      }
      return undefined;
    },
    answer(request) {
      if (request.path === "/_counts") return countsAnswer(counts);
      counts[request.operation] = (counts[request.operation] ?? 0) + 1;
      // As it was signed, before a fault takes something out of it.
      return refusalOf(request) ?? innermost(request);
    },
    now: () => new Date(Date.now() + (scene.flags.clockMs ?? 0)),
  };

  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket.once("close", () => sockets.delete(socket)));
    converse(socket, responder);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address() as { readonly port: number };
  return {
    origin: `http://127.0.0.1:${address.port}`,
    bucket,
    get counts() {
      return counts;
    },
    misbehave,
    forget: () => (counts = {}),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function countsAnswer(counts: Counts): S3Answer {
  const { user, system } = process.cpuUsage();
  const body = Buffer.from(JSON.stringify({ counts, cpuMs: Math.round((user + system) / 1000) }));
  return { status: 200, headers: { "content-type": "application/json" }, body };
}
