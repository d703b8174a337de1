import type { ObjectKey, OperationOptions, StoreCapabilities } from "@mortise/core";
import { parseKey, utf8Length } from "@mortise/core";
import type { OperationSite } from "../errors.ts";
import { asStoreError, closedError, storeError } from "../errors.ts";
import { Guard } from "../lifecycle/guard.ts";
import type { Semaphore } from "../limits/semaphore.ts";
import { createSemaphore } from "../limits/semaphore.ts";
import type { resolveOptions } from "./options.ts";

/** What all operations of one open store share: its limits, and everything under way, so that closing can end it. */
export interface Runtime {
  readonly options: ReturnType<typeof resolveOptions>;
  readonly reads: Semaphore;
  readonly readBytes: Semaphore;
  readonly writes: Semaphore;
  readonly writeBytes: Semaphore;
  /** Copies through this process. */
  readonly copies: Semaphore;
  readonly closed: boolean;
  /** Throws the error of a closed store. */
  checkOpen(site: OperationSite): void;
  /** Watches something until `end` is called with its guard. */
  begin(site: OperationSite, options: OperationOptions): Guard;
  end(guard: Guard): void;
  /** Runs one operation under its guard and a slot, and words what it throws. */
  run<T>(
    site: OperationSite,
    options: OperationOptions,
    slots: Semaphore | undefined,
    work: (guard: Guard) => Promise<T>,
  ): Promise<T>;
  /** Refuses everything from now on, ends what is under way, and waits until it has ended. */
  shutDown(): Promise<void>;
}

/** The runtime of one store. */
export function createRuntime(options: ReturnType<typeof resolveOptions>): Runtime {
  const active = new Map<Guard, OperationSite>();
  const running = new Set<Promise<unknown>>();
  let closed = false;

  function checkOpen(site: OperationSite): void {
    if (closed) throw closedError(site);
  }
  function begin(site: OperationSite, call: OperationOptions): Guard {
    const guard = new Guard(site, call);
    active.set(guard, site);
    return guard;
  }
  function end(guard: Guard): void {
    guard.end();
    active.delete(guard);
  }

  async function perform<T>(
    guard: Guard,
    call: OperationOptions,
    slots: Semaphore | undefined,
    work: (guard: Guard) => Promise<T>,
  ): Promise<T> {
    if (guard.reason !== undefined) throw guard.reason;
    const waiting = slots?.acquire(1, guard.signal);
    if (waiting !== undefined) await waiting;
    try {
      // Waiting for a slot is no fault of the store's: its time starts now.
      if (call.timeoutMs === undefined) guard.watch(options.timeoutMs);
      return await guard.settle(work(guard));
    } finally {
      slots?.release(1);
    }
  }

  return {
    options,
    reads: createSemaphore(options.concurrency),
    readBytes: createSemaphore(options.byteBudget),
    writes: createSemaphore(options.concurrency),
    writeBytes: createSemaphore(options.byteBudget),
    copies: createSemaphore(options.concurrency),
    get closed() {
      return closed;
    },
    checkOpen,
    begin,
    end,
    async run(site, call, slots, work) {
      checkOpen(site);
      const guard = begin(site, call);
      const task = perform(guard, call, slots, work);
      running.add(task);
      try {
        return await task;
      } catch (error) {
        throw asStoreError(site, error);
      } finally {
        running.delete(task);
        end(guard);
      }
    },
    async shutDown() {
      closed = true;
      for (const [guard, site] of active) guard.abort(closedError(site));
      await Promise.allSettled(running);
    },
  };
}

/** Every entry point calls it: the type promises a parsed key, but a caller without types can pass anything. */
export function checkKey(site: OperationSite, key: ObjectKey, capabilities: StoreCapabilities): void {
  parseKey(key, site);
  // A UTF-16 unit has at most three bytes, so most keys need no counting.
  if (key.length * 3 <= capabilities.maxKeyBytes) return;
  const bytes = utf8Length(key);
  if (bytes <= capabilities.maxKeyBytes) return;
  throw storeError(
    site,
    "invalid-key",
    `the key is ${bytes} bytes long in UTF-8, ${capabilities.maxKeyBytes} are allowed`,
  );
}
