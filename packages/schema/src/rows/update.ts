import { checkOptions, QueryError } from "@mortise/core";
import { type Session, useDefault } from "@mortise/sql";
import { sql } from "@mortise/sql/kysely";
import type { TableBinding } from "../context.ts";
import { rejectAborted } from "../fetch/abort.ts";
import { WriteUnit } from "../objects/unit.ts";
import type { Frame } from "../transaction/current.ts";
import type { TransactionScope } from "../transaction/scope.ts";
import { type AcceptedRow, acceptPatch } from "./accept-row.ts";
import { type EncodedRow, encodeRow } from "./encode-row.ts";
import { placeOf, refusedAt } from "./errors.ts";
import { existingKeys } from "./existing-keys.ts";
import { type WriteEnvironment, WriteOperation } from "./operation.ts";
import { type WriteColumn, type WriteTarget, writeTarget } from "./target.ts";

/** Options of `updateOne`. */
export interface UpdateOptions {
  readonly signal?: AbortSignal | undefined;
}

interface UpdateCall {
  readonly operation: WriteOperation;
  readonly target: WriteTarget;
  readonly accepted: AcceptedRow;
  readonly changed: readonly WriteColumn[];
}

/**
 * Changes columns outside the key of exactly one row. New values of codec columns are new objects through the whole
 * write protocol; the old ones become collectable.
 */
export async function updateRow(
  environment: WriteEnvironment,
  binding: TableBinding,
  row: unknown,
  options: UpdateOptions,
): Promise<void> {
  checkOptions("updateOne", options, ["signal"]);
  const frame = environment.current.get();
  frame?.scope.executor();
  const update = (): Promise<void> =>
    updateWith(environment, binding, row, options, frame).catch(rejectAborted(options.signal));
  await (frame === undefined ? update() : frame.scope.track(frame.savepoint, update));
}

async function updateWith(
  environment: WriteEnvironment,
  binding: TableBinding,
  row: unknown,
  options: UpdateOptions,
  frame: Frame | undefined,
): Promise<void> {
  const { database } = environment.engine.environment;
  const target = await writeTarget(binding, database, true);
  const { accepted, changed } = await acceptPatch(target, row);
  await using operation = new WriteOperation(environment, options);
  const call: UpdateCall = { operation, target, accepted, changed };
  if (frame !== undefined) {
    const { scope, savepoint } = frame;
    return await scope.exclusively(savepoint, () => updateInTransaction(call, scope));
  }
  await requireRow(call, database);
  if (changed.length === 0) return;
  const { engine } = environment;
  const unit = new WriteUnit(binding.schema);
  try {
    const work = operation.work(unit);
    const encoded = await encodeRow(target, accepted, work);
    const write = async (): Promise<void> => {
      await operation.protect(work, encoded.planned);
      await operation.upload(encoded.planned);
    };
    await write();
    await engine.commit(unit, {
      signal: operation.signal,
      rows: (session) => updateEncoded(call, encoded, session),
      again: write,
    });
  } catch (error) {
    await engine.fail(unit);
    throw error;
  }
}

/** W1 and W2 at once; W3 is the transaction's. What fails here takes its own objects away and leaves the others. */
async function updateInTransaction(call: UpdateCall, scope: TransactionScope): Promise<void> {
  const { operation, target } = call;
  await requireRow(call, scope.session);
  if (call.changed.length === 0) return;
  const unit = scope.unit(target.binding.schema);
  const written = new Set<string>();
  const savepoint = await scope.session.savepoint();
  try {
    const work = operation.work(unit, written, scope);
    const encoded = await encodeRow(target, call.accepted, work);
    await operation.protect(work, encoded.planned, scope);
    await operation.upload(encoded.planned);
    await updateEncoded(call, encoded, scope.session);
    await savepoint.release();
  } catch (error) {
    // The caller may catch this and go on, which PostgreSQL allows only behind a savepoint.
    const { engine } = operation.environment;
    await scope.takeBack(savepoint, () => engine.fail(unit, { ids: written, inTransaction: true }));
    throw error;
  }
}

/** Before anything is uploaded for a row that is not there. */
async function requireRow(
  { target, accepted, operation }: UpdateCall,
  executor: Parameters<typeof existingKeys>[2],
): Promise<void> {
  if (target.key.length === 0) return;
  const found = await existingKeys(target, [accepted], executor, operation.signal);
  if (found.size === 0) throw noSuchRow(target, accepted);
}

/** Exactly one row must change: the table may have lost it since `requireRow`. */
async function updateEncoded(
  { target, accepted, changed, operation }: UpdateCall,
  encoded: EncodedRow,
  session: Session,
): Promise<void> {
  const assignments = changed.map((column) => {
    const cell = encoded.cells[column.index];
    const { attribute } = column;
    const value =
      cell === useDefault
        ? target.dialect.defaultValue({ ...attribute, default: attribute.default, marker: undefined })
        : sql`${cell}`;
    return sql`${sql.id(attribute.name)} = ${value}`;
  });
  const { schema, tableName } = target.binding;
  const conditions = target.key.map((column) => sql`${sql.id(column.attribute.name)} = ${encoded.cells[column.index]}`);
  const where = conditions.length === 0 ? sql`` : sql` where ${sql.join(conditions, sql` and `)}`;
  const statement = sql`update ${target.dialect.table(schema, tableName)} set ${sql.join(assignments)}${where}`;
  const names = changed.map(({ attribute }) => attribute.name).join(", ");
  const { affected } = await session.execute(statement, { signal: operation.signal }).catch((error: unknown) => {
    throw refusedAt(error, target, `changing ${names}`);
  });
  if (affected !== 1) throw noSuchRow(target, accepted);
}

function noSuchRow(target: WriteTarget, accepted: AcceptedRow): QueryError {
  const key = JSON.stringify(accepted.key, (_, value: unknown) => (typeof value === "bigint" ? `${value}` : value));
  return new QueryError("not-one-row", `${placeOf(target, 0)}: there is no row with the key ${key}`, {
    hint: "insert it, or correct the key: updateOne changes columns outside the key only",
  });
}
