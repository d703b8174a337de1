/** A second process for the tests: increments a counter so many times, or holds the write lock until it is killed. */
import { sql } from "@mortise/sql/kysely";
import { openSqlite } from "../plugin.ts";

const [file = "", task = ""] = process.argv.slice(2);
await using database = await openSqlite({ file });

if (task === "hold") {
  const session = await database.begin();
  await session.execute(sql`insert into "lab.counter" values (2, 2)`);
  process.stdout.write("holding\n");
  await new Promise((resolve) => setTimeout(resolve, 60_000));
} else {
  for (let i = 0; i < Number(task); i++) {
    await using session = await database.begin();
    const { rows } = await session.execute<{ n: number }>(sql`select n from "lab.counter" where k = 1`);
    await session.execute(sql`update "lab.counter" set n = ${(rows[0]?.n ?? 0) + 1} where k = 1`);
    await session.commit();
  }
}
