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
  // The identity is read with its length checked: a body that was cut off must not look like a damaged store.
  const checked = {
    protocol: store.protocol,
    get capabilities() {
      return store.capabilities;
    },
    put: store.put.bind(store),
    async get(key: ObjectKey): Promise<GetResult> {
      return guardResult(runtime, { operation: "get", store: storeName, key }, await store.get(key), {});
    },
  };
  const native = store.prepare?.bind(store);
  const prepared = once(native && (() => shared((guard) => native({ signal: guard.signal }))));
  const named = once(identity ? async () => void (await ensureStoreIdentity(checked, storeName)) : undefined);

  function shared(work: (guard: Guard) => Promise<void>): Promise<void> {
    const site = { operation: "prepare", store: storeName };
    return runtime.run(site, { timeoutMs: patience * timeoutMs }, undefined, work);
  }

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
