import type { GetResult, MinimalStore, ObjectKey } from "@mortise/core";
import { ensureStoreIdentity } from "../identity.ts";
import type { Guard } from "../lifecycle/guard.ts";
import { guardResult } from "./get.ts";
import type { Runtime } from "./runtime.ts";

/** A server is tried with several dozens of requests: so many of an operation's time limits for all of them. */
const patience = 5;

/** What precedes the first write of a store, once for all writers that come meanwhile. */
export interface FirstWrite {
  /** Waits until the server's capabilities are known; undefined where they are. */
  prepared(guard: Guard): Promise<void> | undefined;
  /** Waits for that and for the store's name; undefined where both are done. */
  write(guard: Guard): Promise<void> | undefined;
}

/** None of the writers' signals ends it for the others: closing the store and a time limit of its own do. */
export function beforeFirstWrite(runtime: Runtime, store: MinimalStore, settings: Runtime["options"]): FirstWrite {
  const { storeName, timeoutMs, identity } = settings;
  const native = store.prepare?.bind(store);

  /** Runs `work` as an operation of its own, with a signal and a time limit that belong to no writer. */
  function shared(limitMs: number, work: (signal: AbortSignal) => Promise<unknown>): () => Promise<void> {
    const site = { operation: "prepare", store: storeName };
    return async () => {
      await runtime.run(site, { timeoutMs: limitMs }, undefined, ({ signal }) => work(signal));
    };
  }
  const name = (signal: AbortSignal): Promise<unknown> =>
    ensureStoreIdentity(
      {
        protocol: store.protocol,
        get capabilities() {
          return store.capabilities;
        },
        put: (key, body, call) => store.put(key, body, { ...call, signal }),
        // Read with its length checked: a body that was cut off must not look like a damaged store.
        async get(key: ObjectKey): Promise<GetResult> {
          const site = { operation: "get", store: storeName, key };
          return guardResult(runtime, site, await store.get(key, { signal }), { signal });
        },
      },
      storeName,
    );
  const prepared = once(native && shared(patience * timeoutMs, (signal) => native({ signal })));
  const named = once(identity ? shared(timeoutMs, name) : undefined);

  let ready = false;
  async function begin(guard: Guard): Promise<void> {
    await prepared(guard);
    await named(guard);
    ready = true;
  }
  return { prepared, write: (guard) => (ready ? undefined : begin(guard)) };
}

/** Runs `work` until it has succeeded once: the disk may have room by the next write. */
function once(work: (() => Promise<void>) | undefined): (guard: Guard) => Promise<void> | undefined {
  if (work === undefined) return () => undefined;
  let done = false;
  let running: Promise<void> | undefined;
  async function attempt(of: () => Promise<void>): Promise<void> {
    try {
      await of();
      done = true;
    } finally {
      running = undefined;
    }
  }
  async function wait(guard: Guard, result: Promise<void>): Promise<void> {
    // The writer's time does not run meanwhile: the work has a limit of its own.
    guard.rest();
    await guard.race(result);
    guard.again();
  }
  return (guard) => {
    if (done) return undefined;
    running ??= attempt(work);
    return wait(guard, running);
  };
}
