import { backend } from "../../../packages/schema/test/database/provided.ts";
import { type DatabaseLab, openDatabaseLab } from "../lab/database-lab.ts";

/** A lab with a table that no test touches, and a record of which tables and rows there are. */
export interface CanaryLab extends DatabaseLab {
  /** The rows of the canary and the names of all tables: what a statement that was smuggled in would change. */
  state(): Promise<CanaryState>;
}

export interface CanaryState {
  readonly canary: readonly string[];
  readonly tables: readonly string[];
}

export const intact: readonly string[] = ["alive", "well"];

export async function openCanaryLab(): Promise<CanaryLab> {
  const lab = await openDatabaseLab();
  const Canary = lab.project.schema("lab").manual("Canary", "name : varchar(20)");
  await Canary.insert(intact.map((name) => ({ name })));
  const canary = backend === "sqlite" ? '"lab.canary"' : "lab.canary";
  return {
    ...lab,
    async state() {
      const rows = await lab.raw.query(`select name from ${canary} order by name`);
      return {
        canary: rows.map((row) => String(row["name"])),
        tables: [...(await lab.project.schema("lab").tableNames())].toSorted(),
      };
    },
  };
}
