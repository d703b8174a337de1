import type { Bucket } from "../bucket.ts";
import type { S3Answer, S3Head, S3Request } from "../message.ts";

/** What a fault can reach besides the request. */
export interface Scene {
  readonly bucket: Bucket;
  readonly region: string;
  /** Origin of a server that nobody may follow a redirect to. */
  readonly elsewhere: string;
  /** Faults of the server itself. */
  flags: {
    ignoreExpiry?: boolean | undefined;
    /** How far the server's clock is ahead. */
    clockMs?: number | undefined;
  };
}

export type Next = (request: S3Request) => S3Answer;

export interface Handler {
  /** Called when the body starts to come: the number of its bytes after which the connection is reset. */
  readonly cutRequest?: ((head: S3Head) => number | undefined) | undefined;
  /** Answers instead of `next`, which is the honest server or the next fault. */
  readonly answer?: ((request: S3Request, next: Next) => S3Answer) | undefined;
}

export interface Fault {
  readonly name: string;
  /** In a fresh state; called whenever the fault is switched on. */
  readonly install: (scene: Scene) => Handler;
}

export const fault = (name: string, install: Fault["install"]): Fault => ({ name, install });

/** A fault that only changes answers. */
export const answering = (name: string, answer: (request: S3Request, next: Next, scene: Scene) => S3Answer): Fault =>
  fault(name, (scene) => ({ answer: (request, next) => answer(request, next, scene) }));

/** Requests that change what is stored. */
export const isWrite = ({ method }: S3Head): boolean => method !== "GET" && method !== "HEAD";

export const isRead = ({ operation }: S3Head): boolean => operation === "GetObject";

export const without = (request: S3Request, ...names: readonly string[]): S3Request => ({
  ...request,
  headers: { ...request.headers, ...Object.fromEntries(names.map((name) => [name, undefined])) },
});

/** Numbers below 1 that are the same in every run (Mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The fault strikes some of the requests, by a seed. */
export const sometimes = (rate: number, seed: number, { name, install }: Fault): Fault =>
  fault(name, (scene) => {
    const { cutRequest, answer } = install(scene);
    const random = randomFrom(seed);
    return {
      cutRequest: cutRequest && ((head) => (random() < rate ? cutRequest(head) : undefined)),
      answer: answer && ((request, next) => (random() < rate ? answer(request, next) : next(request))),
    };
  });

/** The fault strikes so many requests one after the other, then lets as many others pass, and so on. */
export const inBursts = (strikes: number, passes: number, { name, install }: Fault): Fault =>
  fault(name, (scene) => {
    const { answer } = install(scene);
    let at = 0;
    return {
      answer:
        answer && ((request, next) => (at++ % (strikes + passes) < strikes ? answer(request, next) : next(request))),
    };
  });

/** Only requests of these operations are struck. */
export const onlyFor = (operations: readonly S3Head["operation"][], { name, install }: Fault): Fault =>
  fault(name, (scene) => {
    const { cutRequest, answer } = install(scene);
    return {
      cutRequest: cutRequest && ((head) => (operations.includes(head.operation) ? cutRequest(head) : undefined)),
      answer:
        answer && ((request, next) => (operations.includes(request.operation) ? answer(request, next) : next(request))),
    };
  });
