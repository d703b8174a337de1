import { AsyncLocalStorage } from "node:async_hooks";
import type { TransactionScope } from "./scope.ts";

/** Where a piece of code runs: in which transaction, and inside which savepoint of it. */
export interface Frame {
  readonly scope: TransactionScope;
  /** The innermost savepoint this code runs in; undefined directly in the transaction. */
  readonly savepoint: symbol | undefined;
}

/** The transaction of the current asynchronous context; one per project, so that two projects never mix theirs. */
export interface CurrentTransaction {
  get(): Frame | undefined;
  run<T>(frame: Frame, work: () => T): T;
}

/** One per project: transactions of two projects in one context do not see each other. */
export function createCurrentTransaction(): CurrentTransaction {
  const storage = new AsyncLocalStorage<Frame>();
  return {
    get: () => storage.getStore(),
    run: (frame, work) => storage.run(frame, work),
  };
}
