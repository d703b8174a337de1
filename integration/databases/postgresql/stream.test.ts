import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { sql } from "@mortise/sql/kysely";
import { describe, expect, it } from "vitest";
import { openPostgresLab, valueOf } from "./postgres-lab.ts";

describe("a stream of rows", () => {
  it("comes in batches, in order and complete", async () => {
    await using lab = await openPostgresLab();
    const sizes: number[] = [];
    let next = 1;
    for await (const rows of lab.database.stream<{ i: number }>(
      sql`select i from generate_series(1, ${1000}::int) i`,
    )) {
      sizes.push(rows.length);
      for (const { i } of rows) expect(i).toBe(next++);
    }
    expect(sizes).toEqual([256, 256, 256, 232]);
  });

  it.each([0, 1, 255, 256, 257, 512])("of %i rows ends after its last batch", async (count) => {
    await using lab = await openPostgresLab();
    const database = await lab.open({ connections: 1 });
    let seen = 0;
    for await (const rows of database.stream(sql`select i from generate_series(1, ${count}::int) i`)) {
      expect(rows.length).toBeGreaterThan(0);
      seen += rows.length;
    }
    expect(seen).toBe(count);
    expect(await valueOf({ database }, sql`select 1 as value`)).toBe(1);
  });

  it("that is left gives its connection back", async () => {
    await using lab = await openPostgresLab();
    const database = await lab.open({ connections: 1 });
    const pid = await valueOf({ database }, sql`select pg_backend_pid() as value`);
    for (const batch of [1, 7, 5000]) {
      for await (const rows of database.stream(sql`select i from generate_series(1, 2000) i`, { batch })) {
        expect(rows.length).toBe(Math.min(batch, 2000));
        break;
      }
      expect(await valueOf({ database }, sql`select pg_backend_pid() as value`)).toBe(pid);
    }
  });

  it("that fails in the middle fails after the rows before, and its connection is used again", async () => {
    await using lab = await openPostgresLab();
    const database = await lab.open({ connections: 1 });
    const seen: unknown[] = [];
    const read = async (statement: Parameters<typeof database.stream>[0]) => {
      for await (const rows of database.stream(statement, { batch: 10 })) seen.push(...rows);
    };
    await expect(read(sql`select 1 / (25 - i) as x from generate_series(1, 100) i`)).rejects.toMatchObject({
      code: "out-of-range",
    });
    expect(seen.length).toBe(20);
    await expect(read(sql`select 9007199254740971 + i as big from generate_series(1, 100) i`)).rejects.toMatchObject({
      hint: expect.stringContaining("bigints") as unknown,
    });
    await expect(read(sql`selec`)).rejects.toMatchObject({ code: "syntax" });
    expect(await valueOf({ database }, sql`select 1 as value`)).toBe(1);
  });

  it("may read a table while others are written inside the loop", async () => {
    await using lab = await openPostgresLab(["create table t (a int)"]);
    for await (const rows of lab.database.stream<{ i: number }>(sql`select i from generate_series(1, 600) i`)) {
      await lab.database.execute(sql`insert into t select ${rows.length}::int`);
    }
    expect(await valueOf(lab, sql`select count(*) as value from t`)).toBe(3);
  });

  it("of a million rows takes the memory of a few", async () => {
    await using lab = await openPostgresLab();
    const script = `
      import { openPostgres } from "@mortise/db-postgres";
      import { sql } from "@mortise/sql/kysely";
      await using database = await openPostgres(${JSON.stringify(lab.options)});
      let count = 0;
      const statement = sql\`select i, i::float8 as x, md5(i::text) as a, repeat('x', 100) as b from generate_series(1, 1000000) i\`;
      for await (const rows of database.stream(statement)) count += rows.length;
      console.log(count, Math.ceil(process.resourceUsage().maxRSS / 1024));`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], {
      cwd: import.meta.dirname,
    });
    const [count = 0, mebibytes = Infinity] = stdout.trim().split(" ").map(Number);
    expect(count).toBe(1_000_000);
    expect(mebibytes).toBeLessThan(200);
  });
});
