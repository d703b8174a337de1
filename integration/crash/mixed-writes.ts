// Every way to write rows with objects, chosen at random, on few keys, so that two writers get in each other's way.
import { randomFillSync, randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { isMortiseError, TransactionError } from "@mortise/core";
import type { Project, Transaction } from "@mortise/schema";
import { definition, schemaName, sharedContent } from "./scene.ts";

/** Thrown by our own functions to undo a savepoint or a transaction. */
const undo = new Error("undo");

/** Keys of all writers together: many of their writes hit rows that are there already. */
const newRow = () => ({
  id: BigInt(1000 + randomInt(60)),
  shared: sharedContent(randomInt(8)),
  own: randomFillSync(new Uint8Array(1 + randomInt(2_000))),
  file: ["bin", randomFillSync(new Uint8Array(1 + randomInt(50_000)))] as const,
});

/** Rows of different keys, or a batch would refuse itself. */
const newRows = (count: number) => [
  ...new Map(Array.from({ length: count }, newRow).map((row) => [row.id, row])).values(),
];

async function* slowly<Row>(rows: readonly Row[]): AsyncGenerator<Row> {
  for (const row of rows) {
    yield row;
    await sleep(randomInt(4));
  }
}

/** What two writers of the same rows may do to each other, what is refused, and what our own functions throw. */
function isExpected(error: unknown): boolean {
  if (error === undo) return true;
  if (error instanceof TransactionError) return error.retryable || ["nested", "ended"].includes(error.code);
  return isMortiseError(error) && ["duplicate", "not-one-row", "busy"].includes(error.code);
}

/** Writes for ever, until the process is killed. */
export async function writeMixed(project: Project<unknown>): Promise<never> {
  const Item = project.schema(schemaName).manual("Item", definition);
  await Item.count();

  const inserts: readonly (() => Promise<unknown>)[] = [
    () => Item.insert(newRows(6)),
    () => Item.insert(newRows(6), { skipDuplicates: true }),
    () => Item.insert(newRows(6), { replace: true }),
    () => Item.insert(slowly(newRows(6)), { batch: 2, skipDuplicates: true }),
    () => Item.insert(slowly(newRows(6)), { batch: 2, replace: true }),
    () => Item.insert(slowly(newRows(6)), { batch: 2, atomic: true }),
    () => Item.updateOne(newRow()),
    async () => await Item.updateOne({ id: newRow().id, shared: sharedContent(randomInt(8)) }),
    async () => await Item.where({ id: newRow().id }).delete(),
  ];
  /** Inside a transaction a failure is caught now and then, as users do who go on with the rest. */
  const some = async (): Promise<unknown> => {
    const writing = (inserts[randomInt(inserts.length)] as () => Promise<unknown>)();
    return await (randomInt(2) === 0 ? writing : writing.catch(passUnexpected));
  };
  const inSavepoint = async (transaction: Transaction, depth: number): Promise<void> => {
    await transaction
      .savepoint(async (inner) => {
        await some();
        if (depth < 2 && randomInt(2) === 0) await inSavepoint(inner, depth + 1);
        await some();
        if (randomInt(2) === 0) throw undo;
      })
      .catch(passUnexpected);
  };
  const inTransaction = async (): Promise<void> =>
    await project.transaction(async (transaction) => {
      await some();
      await inSavepoint(transaction, 0);
      await Promise.all([some(), some()]);
      await inSavepoint(transaction, 0);
      // Beside each other, and now and then nobody waits: either is refused or undone, with all its objects.
      const beside = [inSavepoint(transaction, 0), sleep(randomInt(10)).then(some)];
      for (const each of beside) each.catch(passUnexpected);
      await (randomInt(2) === 0 ? Promise.all(beside) : sleep(randomInt(20)));
      if (randomInt(4) === 0) throw undo;
    });

  console.log("ready");
  for (;;) await (randomInt(3) === 0 ? inTransaction() : some()).catch(passUnexpected);
}

function passUnexpected(error: unknown): void {
  if (!isExpected(error)) throw error;
}
