import { isMortiseError } from "@mortise/core";
import type { AnyHeading, Project, Table } from "@mortise/schema";
import { expect, it } from "vitest";
import { openDatabaseLab } from "../lab/database-lab.ts";

/** Defined by every program; as text, their types do not matter here. */
function tablesOf(project: Project<unknown>): Readonly<Record<"Subject" | "Session" | "Trial", Table<AnyHeading>>> {
  const lab = project.schema("lab");
  const texts: readonly string[] = ["subject : int32", "-> Subject\nsession : int8", "-> Session\ntrial : int8"];
  const [subject = "", session = "", trial = ""] = texts;
  const Subject = lab.manual("Subject", subject);
  const Session = lab.manual("Session", session, { Subject });
  const Trial = lab.manual("Trial", trial, { Session });
  return { Subject, Session, Trial };
}

it("a delete takes what others add below its rows meanwhile, or keeps them from adding it", async () => {
  await using lab = await openDatabaseLab();
  const [here, there] = [tablesOf(lab.project), tablesOf(await lab.again())];
  await lab.project.schema("lab").declare();
  const subjects = Array.from({ length: 40 }, (_, subject) => ({ subject }));
  await here.Subject.insert(subjects);
  await here.Session.insert(subjects.map((row) => ({ ...row, session: 1 })));
  const refused: unknown[] = [];
  const add = async (row: { readonly subject: number }): Promise<void> => {
    for (const [table, rest] of [
      [there.Session, { session: 2 }],
      [there.Trial, { session: 1, trial: 1 }],
    ] as const)
      await table.insertOne({ ...row, ...rest }).catch((error: unknown) => refused.push(error));
  };
  const deleted = await Promise.all(
    subjects.flatMap((row) => [here.Subject.where(row).delete(), add(row).then(() => 0)]),
  );
  expect(deleted.reduce((sum, count) => sum + count, 0)).toBe(subjects.length);
  expect(refused.filter((error) => !isMortiseError(error, "integrity"))).toEqual([]);
  for (const table of Object.values(here)) expect(await table.count()).toBe(0);
});
