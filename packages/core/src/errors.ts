/**
 * Every failure that Mortise reports is a `MortiseError` with a stable `code`, a message that says what was tried on
 * what, and a `hint` that says what to do next. Test with the guards, not with `instanceof`: two copies of this package
 * have two classes, and the brand is one.
 *
 * | class | when |
 * |---|---|
 * | `ConfigError` | configuration that can't be used; lists every problem |
 * | `PluginError` | a plugin is missing, doubled, or of another contract version |
 * | `DefinitionError` | a table definition that can't be read or declared |
 * | `ValueError` | a value of a row, key or path that its column or codec refuses, before anything is written |
 * | `CodecError` | stored data that a codec can't read |
 * | `StoreError` | an operation on a store |
 * | `QueryError` | a query or statement that is wrong, or that the database refused |
 * | `TransactionError` | a transaction used wrongly, lost, or of unknown outcome |
 */
import type { ObjectKey } from "./keys/object-key.ts";

export interface ErrorOptions {
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

export class MortiseError extends Error {
  readonly code: string;
  /** What to do next. */
  declare readonly hint?: string | undefined;

  constructor(code: string, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    if (options.hint !== undefined) this.hint = options.hint;
  }

  /** What `isMortiseError` looks for; on the prototype, so that it is not printed with the fields. */
  get "~mortise.error"(): true {
    return true;
  }

  /** The hint belongs to what is printed: whoever sees the stack should see the way out. */
  override toString(): string {
    const text = `${this.name} [${this.code}]: ${this.message}`;
    return this.hint === undefined ? text : `${text}\n  hint: ${this.hint}`;
  }

  /** What a log or a `--json` output gets: every field of ours, of foreign causes no more than name and code. */
  toJSON(): Readonly<Record<string, unknown>> {
    const { name, code, message, hint, cause, ...fields } = this;
    return { name, code, message, ...(hint === undefined ? {} : { hint }), ...fields, ...causeOf(cause) };
  }
}

/** Messages of other libraries may quote a connection string or a header, so they stay out of what is stored. */
function causeOf(cause: unknown): { readonly cause?: unknown } {
  if (cause === undefined) return {};
  if (isMortiseError(cause)) return { cause: cause.toJSON() };
  const { name = typeof cause, code } = (cause ?? {}) as { readonly name?: unknown; readonly code?: unknown };
  return { cause: code === undefined ? { name } : { name, code } };
}

/** Whether `error` is Mortise's, and of this code if one is given. */
export function isMortiseError(error: unknown, code?: string): error is MortiseError {
  return (
    typeof error === "object" &&
    error !== null &&
    (error as Partial<MortiseError>)["~mortise.error"] === true &&
    (code === undefined || (error as MortiseError).code === code)
  );
}

/** One thing wrong with the configuration. */
export interface ConfigProblem {
  /** Dotted key, for example `stores.main.location`. */
  readonly key: string;
  /** File, variable or secret the value came from. */
  readonly source: string;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** Thrown when configuration is loaded or a store is looked up; `problems` holds all of them. */
export class ConfigError extends MortiseError {
  readonly problems: readonly ConfigProblem[];

  constructor(
    code: string,
    message: string,
    options: ErrorOptions & { readonly problems?: readonly ConfigProblem[] } = {},
  ) {
    super(code, message, options);
    this.problems = options.problems ?? [];
  }
}

/**
 * Codes: `unknown-protocol`, `unknown-codec`, `unknown-backend`, `duplicate-plugin`, `api-version`, `invalid-plugin`,
 * `two-cores`.
 */
export class PluginError extends MortiseError {}

/** Where in a definition something is wrong; both from 1. */
export interface DefinitionPosition {
  readonly line: number;
  readonly column: number;
}

export class DefinitionError extends MortiseError {
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** The table, where it is known. */
  readonly table?: string | undefined;

  constructor(
    code: string,
    message: string,
    options: ErrorOptions & Partial<DefinitionPosition> & { readonly table?: string | undefined } = {},
  ) {
    super(code, message, options);
    this.line = options.line;
    this.column = options.column;
    this.table = options.table;
  }
}

export interface ValueSite {
  readonly schema?: string | undefined;
  readonly table?: string | undefined;
  readonly attribute?: string | undefined;
  /** Index of the row in what was given to `insert`. */
  readonly row?: number | undefined;
}

/** Thrown before anything is written. */
export class ValueError extends MortiseError {
  readonly site: ValueSite;

  constructor(code: string, message: string, options: ErrorOptions & { readonly site?: ValueSite } = {}) {
    super(code, message, options);
    this.site = options.site ?? {};
  }
}

/** Codes: `corrupt`, `unsupported`, `legacy-metadata`, `missing-object`, `hash-mismatch`, `size-mismatch`, `limit-exceeded`. */
export class CodecError extends MortiseError {
  readonly site: ValueSite;

  constructor(code: string, message: string, options: ErrorOptions & { readonly site?: ValueSite } = {}) {
    super(code, message, options);
    this.site = options.site ?? {};
  }
}

export type StoreErrorCode =
  | "not-found"
  | "already-exists"
  | "precondition-failed"
  | "invalid-key"
  | "invalid-range"
  | "invalid-config"
  | "unauthenticated"
  | "permission-denied"
  | "rate-limited"
  | "unavailable"
  | "timeout"
  | "aborted"
  | "checksum-mismatch"
  | "unsupported"
  | "quota-exceeded"
  | "protocol"
  | "unknown";

export interface StoreErrorDetails extends ErrorOptions {
  readonly operation: string;
  /** The store's name in the configuration, or its protocol where it has none. */
  readonly store: string;
  readonly key?: ObjectKey | undefined;
  /** Default: true for `rate-limited`, `unavailable` and `timeout`. */
  readonly retryable?: boolean | undefined;
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
}

const retryableCodes: ReadonlySet<StoreErrorCode> = new Set(["rate-limited", "unavailable", "timeout"]);

export class StoreError extends MortiseError {
  declare readonly code: StoreErrorCode;
  readonly operation: string;
  readonly store: string;
  declare readonly key?: ObjectKey | undefined;
  /** The same call may succeed later without any change. */
  readonly retryable: boolean;
  declare readonly status?: number | undefined;
  declare readonly requestId?: string | undefined;

  constructor(code: StoreErrorCode, message: string, details: StoreErrorDetails) {
    super(code, message, details);
    this.operation = details.operation;
    this.store = details.store;
    if (details.key !== undefined) this.key = details.key;
    this.retryable = details.retryable ?? retryableCodes.has(code);
    if (details.status !== undefined) this.status = details.status;
    if (details.requestId !== undefined) this.requestId = details.requestId;
  }
}

/** Whether `error` is a store's, and of this code if one is given. */
export function isStoreError(error: unknown, code?: StoreErrorCode): error is StoreError {
  return isMortiseError(error, code) && typeof (error as Partial<StoreError>).operation === "string";
}

/**
 * Codes: `duplicate`, `integrity`, `missing-attribute`, `unknown-attribute`, `syntax`, `access`, `missing-table`,
 * `connection-lost`, `busy`, `out-of-range`, `not-one-row`, `invalid-restriction`, `invalid-query`, `part-without-master`,
 * `database` (anything else the driver reports; see `cause`).
 */
export class QueryError extends MortiseError {}

/** Codes: `nested`, `ended`, `undeclared`, `intents-lost`, `commit-unknown`, `rolled-back`, `conflict`. */
export class TransactionError extends MortiseError {
  /** Whether running the whole transaction again may succeed. */
  readonly retryable: boolean;

  constructor(code: string, message: string, options: ErrorOptions & { readonly retryable?: boolean } = {}) {
    super(code, message, options);
    this.retryable = options.retryable ?? false;
  }
}
