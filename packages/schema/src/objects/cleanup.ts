import type { Logger, ObjectKey } from "@mortise/core";
import { inLedger, type ProtocolEnvironment } from "./environment.ts";
import { createLimiter } from "./limiter.ts";
import type { OwnObject, RegisteredIntents, WriteUnit } from "./unit.ts";

/**
 * W4, after a certain rollback: deletes the schema-addressed objects of `ids` and then their intents. Hash-addressed
 * objects stay, because somebody may have found them since; their intents expire and name them to the collector. Never
 * throws: what it can't delete is in the log, and its intent is kept.
 */
export async function cleanUp(
  environment: ProtocolEnvironment,
  unit: WriteUnit,
  ids: Iterable<string> = [...unit.own.keys()],
  options: { readonly intents: boolean } = { intents: true },
): Promise<void> {
  const limiter = createLimiter({ concurrency: 64, bytes: Number.POSITIVE_INFINITY });
  const gone: string[] = [];
  const deletions = [...ids].map((id) =>
    limiter.run(0, async () => {
      const object = unit.own.get(id);
      if (object === undefined) return;
      unit.own.delete(id);
      unit.healed.delete(id);
      if (await deleteObject(object, environment.logger)) gone.push(id);
    }),
  );
  await Promise.all(deletions);
  if (!options.intents) return;
  const idle = [...unit.intents.keys()].filter((id) => !unit.begun.has(id));
  await abandonIntents(environment, unit, [...gone, ...idle]);
}

/** Gives up the intents of paths where this writer has left nothing, or that others protect. */
export async function abandonIntents(
  environment: ProtocolEnvironment,
  unit: RegisteredIntents,
  ids: Iterable<string>,
): Promise<void> {
  const hashes = [...ids].flatMap((id) => unit.intents.get(id)?.pathHash ?? []);
  if (hashes.length === 0) return;
  try {
    await inLedger(environment, "ledger", (session, ledger) =>
      ledger.abandon(session, unit.schema, unit.writer, hashes),
    );
  } catch (error) {
    environment.logger.warn("objects.abandon-failed", { schema: unit.schema, paths: hashes.length, error });
  }
}

/** False when anything of the object may still be there. */
async function deleteObject(object: OwnObject, logger: Logger): Promise<boolean> {
  let complete = true;
  for (const key of object.keys) complete = (await deleteKey(object, key, logger)) && complete;
  return complete;
}

/** A delete that fails is told and survived: the error that led to the clean-up is the one the caller must see. */
async function deleteKey(object: OwnObject, key: ObjectKey, logger: Logger): Promise<boolean> {
  try {
    await object.store.delete(key);
    return true;
  } catch (error) {
    logger.warn("objects.cleanup-failed", { key, error });
    return false;
  }
}
