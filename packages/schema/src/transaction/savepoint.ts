import type { Transaction } from "../types/index.ts";
import type { Frame } from "./current.ts";
import { endedSavepoint } from "./errors.ts";
import type { TransactionEnvironment } from "./run.ts";
import type { TransactionScope } from "./scope.ts";

/** Runs `work` where tables join the frame's transaction by themselves. */
export async function workIn<T>(
  environment: TransactionEnvironment,
  frame: Frame,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  return await environment.current.run(frame, async () => await work(handle(environment, frame)));
}

function handle(environment: TransactionEnvironment, frame: Frame): Transaction {
  return {
    use(relation) {
      frame.scope.executor();
      return environment.bind(relation, frame);
    },
    savepoint: (work) => runSavepoint(environment, frame, work),
  };
}

/** Savepoints nest like brackets: a second one beside an open one would be undone with it, unasked. */
async function runSavepoint<T>(
  environment: TransactionEnvironment,
  outer: Frame,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  const { scope } = outer;
  const id = Symbol("savepoint");
  const savepoint = await scope.openSavepoint(id, outer.savepoint);
  const before = ownObjects(scope);
  const undo = async (): Promise<void> => {
    // Objects only after their rows: where the rollback fails, these may still be committed.
    await scope.undo(savepoint);
    await deleteSince(environment, scope, before);
  };
  try {
    const result = await workIn(environment, { scope, savepoint: id }, work);
    scope.requireIdle(id);
    const released = await scope.closeSavepoint(id, async () => {
      try {
        await savepoint.release();
      } catch (error) {
        await undo();
        throw error;
      }
    });
    if (!released) throw endedSavepoint();
    return result;
  } catch (error) {
    // Where it has ended with what is around it, that one undoes it and deletes its objects.
    await scope.closeSavepoint(id, undo);
    throw error;
  }
}

type OwnObjects = ReadonlyMap<string, ReadonlySet<string>>;

function ownObjects(scope: TransactionScope): OwnObjects {
  return new Map([...scope.units].map(([schema, unit]) => [schema, new Set(unit.own.keys())]));
}

async function deleteSince(
  environment: TransactionEnvironment,
  scope: TransactionScope,
  before: OwnObjects,
): Promise<void> {
  const engine = await environment.engine();
  for (const [schema, unit] of scope.units) {
    const ids = [...unit.own.keys()].filter((own) => before.get(schema)?.has(own) !== true);
    await engine.fail(unit, { ids, inTransaction: true });
  }
}
