import { isMortiseError } from "@mortise/core";
import { isConflict, type Session } from "@mortise/sql";
import type { ProjectContext } from "../context.ts";

/** How often a transaction of one's own is run before its error is the caller's. */
const attempts = 3;

/**
 * Runs `work` whole or not at all: inside the user's transaction under a savepoint, so that a failure undoes only this,
 * else in a transaction of its own. That is run again where another program was in its way: it has taken the locks in
 * another order, or has added a row below those that were about to go. The error passes through unchanged.
 */
export async function atomically<T>(
  project: ProjectContext,
  signal: AbortSignal | undefined,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  if (project.inTransaction) {
    const nested = (session: Session): Promise<T> => underSavepoint(session, work);
    return project.exclusively?.(nested) ?? nested((await project.executor()) as Session);
  }
  const database = await project.database();
  for (let round = 1; ; round += 1) {
    try {
      await using session = await database.begin({ signal });
      const result = await work(session);
      await session.commit();
      return result;
    } catch (error) {
      if (round >= attempts || !(isConflict(error) || isMortiseError(error, "integrity"))) throw error;
    }
  }
}

/** Without it a failure on PostgreSQL would doom the user's whole transaction. */
async function underSavepoint<T>(session: Session, work: (session: Session) => Promise<T>): Promise<T> {
  const savepoint = await session.savepoint();
  try {
    const result = await work(session);
    await savepoint.release();
    return result;
  } catch (error) {
    await savepoint.rollback();
    throw error;
  }
}
