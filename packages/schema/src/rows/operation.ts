import { CodecError, type Logger, type Progress } from "@mortise/core";
import type { Intent } from "@mortise/sql";
import type { Claims } from "../objects/claims.ts";
import type { WriteEngine } from "../objects/engine.ts";
import { createLimiter, type Limiter } from "../objects/limiter.ts";
import { createSpool, type Spool } from "../objects/spool.ts";
import type { StoreAccess } from "../objects/store-access.ts";
import type { WriteUnit } from "../objects/unit.ts";
import { type PlannedCell, uploadCells } from "../objects/upload.ts";
import { type ObjectWork, referenceKey } from "../objects/work.ts";
import type { CurrentTransaction } from "../transaction/current.ts";
import type { TransactionScope } from "../transaction/scope.ts";

/** What writing needs of a project. */
export interface WriteEnvironment {
  readonly engine: WriteEngine;
  readonly stores: StoreAccess;
  readonly claims: Claims;
  readonly current: CurrentTransaction;
  readonly logger: Logger;
  readonly rehashBytes: number;
}

/** Objects in flight at a time, and the bytes they may hold together. */
const uploads = { concurrency: 64, bytes: 64 * 1024 * 1024 };

/** One call of insert or update: its budget, its spool, its signal. */
export class WriteOperation implements AsyncDisposable {
  readonly environment: WriteEnvironment;
  readonly limiter: Limiter = createLimiter(uploads);
  readonly #abort = new AbortController();
  readonly #spool: Spool = createSpool();
  readonly #onProgress: ((progress: Progress) => void) | undefined;
  #sent = 0;
  readonly signal: AbortSignal;

  constructor(
    environment: WriteEnvironment,
    options: {
      readonly signal?: AbortSignal | undefined;
      readonly onProgress?: ((progress: Progress) => void) | undefined;
    },
  ) {
    this.environment = environment;
    this.#onProgress = options.onProgress;
    this.signal =
      options.signal === undefined ? this.#abort.signal : AbortSignal.any([options.signal, this.#abort.signal]);
  }

  /** A place to plan objects for `unit`; `ownIds` collects the schema-addressed ones. `scope` is the user's transaction. */
  work(unit: WriteUnit, ownIds: Set<string> = new Set(), scope?: TransactionScope): ObjectWork {
    const { engine, stores, logger, rehashBytes } = this.environment;
    return {
      unit,
      stores,
      logger,
      rehashBytes,
      spool: this.#spool,
      signal: this.signal,
      issued: new Map(),
      ownIds,
      protect: (intent) => engine.protect(unit, [intent], this.signal, scope?.session),
      sent: (bytes) => {
        this.#sent += bytes;
        this.#onProgress?.({ bytes: this.#sent });
      },
    };
  }

  /** W1 of what was planned; inside a user's transaction with its scope. */
  async protect(work: ObjectWork, cells: readonly PlannedCell[], scope?: TransactionScope): Promise<void> {
    if (cells.length === 0) return;
    const { engine, claims } = this.environment;
    const intents = intentsOf(work, cells);
    await claims.ensure(work.unit.schema, new Set(intents.map((intent) => intent.store)), scope);
    await engine.protect(work.unit, intents, this.signal, scope?.session);
  }

  /** W2 of what was protected. */
  async upload(cells: readonly PlannedCell[]): Promise<void> {
    await uploadCells(cells, this.limiter, (reason) => this.#abort.abort(reason));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#spool[Symbol.asyncDispose]();
  }
}

/** A codec that invented a path would write where nothing keeps a collector away. */
function intentsOf(work: ObjectWork, cells: readonly PlannedCell[]): readonly Intent[] {
  return cells.map(({ planned }) => {
    const intent = work.issued.get(referenceKey(planned.reference));
    if (intent !== undefined) return intent;
    const { store, path } = planned.reference;
    throw new CodecError("unsupported", `a codec planned ${JSON.stringify(path)} in store "${store}" by itself`, {
      hint: "plan with context.hash or context.object: other paths are not protected from the collector",
    });
  });
}
