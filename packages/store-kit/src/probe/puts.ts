import { isAccepted, isRefused } from "./conditions.ts";
import type { ProbeContext } from "./context.ts";
import { outcomeOf, write } from "./context.ts";
import type { ProbedCapabilities } from "./contract.ts";
import { isDecidedWrite } from "./races.ts";

const hint = "Mortise will not use this condition here; two writers at once are then not told apart";

/** What plain writes were seen to do. */
export interface ProbedPuts extends Pick<ProbedCapabilities, "etagChanges" | "etagChangesForSameBytes"> {
  readonly create: boolean | undefined;
  readonly ifMatch: boolean | undefined;
  readonly getIfMatch: boolean | undefined;
}

/** Tries conditions of plain writes and reads, and what an overwrite does to the validator. */
export async function probePuts(context: ProbeContext): Promise<ProbedPuts> {
  const { putModes } = context.store.capabilities;
  const key = context.key("put");
  const first = await write(context, key, "put 1");
  const same = await write(context, key, "put 1");
  const second = await write(context, key, "put 2");
  const etagChanges = second.etag !== undefined && second.etag !== first.etag;
  const etagChangesForSameBytes = same.etag !== undefined && same.etag !== first.etag;
  if (!etagChanges) noteConstant(context, second.etag);
  const create = putModes.has("create") ? await probeCreate(context) : undefined;
  if (!putModes.has("ifMatch")) {
    return { create, ifMatch: undefined, getIfMatch: undefined, etagChanges, etagChangesForSameBytes };
  }
  if (!etagChanges || first.etag === undefined || second.etag === undefined) {
    return { create, ifMatch: false, getIfMatch: false, etagChanges, etagChangesForSameBytes };
  }
  const stale = { ifMatch: first.etag };
  const getIfMatch = await probeGet(context, first.etag);
  const ifMatch =
    (await isRefused(context, {
      id: "if-match-put",
      key,
      old: "put 2",
      operation: "put",
      mode: stale,
      attempt: (mode) => write(context, key, "put 3", mode),
    })) &&
    (await isAccepted(
      context,
      "if-match-put-refused",
      "put with the current validator",
      write(context, key, "put 4", { ifMatch: second.etag }),
    )) &&
    (await probeMatchRace(context));
  return { create, ifMatch, getIfMatch, etagChanges, etagChangesForSameBytes };
}

async function probeCreate(context: ProbeContext): Promise<boolean> {
  const key = context.key("create");
  const fresh = await isAccepted(
    context,
    "create-put-refused",
    'put with "create" where nothing is',
    write(context, key, "create 1", "create"),
  );
  if (!fresh) return false;
  const refused = await isRefused(context, {
    id: "create-put",
    key,
    old: "create 1",
    operation: "put",
    mode: "create",
    attempt: (mode) => write(context, key, "create 2", mode),
  });
  const race = {
    id: "create-put-race",
    key: context.key("create-race"),
    operations: "puts",
    condition: '"create" where nothing is',
    hint,
  };
  return refused && (await isDecidedWrite(context, race, "create"));
}

async function probeMatchRace(context: ProbeContext): Promise<boolean> {
  const race = {
    id: "if-match-put-race",
    key: context.key("match-race"),
    operations: "puts",
    condition: "the validator of one object",
    hint,
  };
  const { etag = "" } = await write(context, race.key, "race");
  return await isDecidedWrite(context, race, { ifMatch: etag });
}

async function probeGet(context: ProbeContext, stale: string): Promise<boolean> {
  const outcome = await outcomeOf(
    (async () => {
      await using result = await context.store.get(context.key("put"), { ...context.call, ifMatch: stale });
      await result.bytes();
    })(),
  );
  if (outcome === "precondition-failed") return true;
  context.findings.push({
    id: "if-match-get",
    lie: "ignores the condition of a read",
    evidence: `get with the validator of an overwritten object: ${outcome}`,
    hint: "validators are compared after the read instead",
  });
  return false;
}

function noteConstant(context: ProbeContext, etag: string | undefined): void {
  context.findings.push({
    id: "etag-constant",
    lie: etag === undefined ? "gives no validators" : "gives an overwritten object the same validator",
    evidence: `two writes of different bytes to one key were answered with ${etag === undefined ? "no validator" : "one validator"}`,
    hint: "conditions on validators mean nothing here and are not used",
  });
}
