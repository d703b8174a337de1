import { describe, expect, it } from "vitest";
import { readTable } from "../catalog/catalog-table.ts";
import { execute } from "../foreign-tables/execute.ts";
import { openDatabaseLab } from "../lab/database-lab.ts";

// What only MySQL and MariaDB can hold (relational cases, section 17).

describe("tables of MySQL that were made by hand", () => {
  it("R-420: a foreign key to a key of another collation is refused, and nothing of the table stays", async () => {
    await using lab = await openDatabaseLab();
    await execute(lab.raw, [
      "create database lab",
      `create table lab.code (code varchar(10) character set utf8mb4 collate utf8mb4_bin not null
         comment ':varchar(10):', primary key (code)) engine=InnoDB`,
    ]);
    const schema = lab.project.schema("lab");
    const Code = await schema.table("Code");
    const definition: string = "-> Code\n---\nn : int8";
    await expect(schema.manual("Use", definition, { Code }).heading()).rejects.toMatchObject({ name: "QueryError" });
    expect(await readTable(lab.raw, "lab", "use")).toBeUndefined();
  });

  it("R-420: tables that Mortise declares have the collation of their schema, which it does not choose", async () => {
    await using lab = await openDatabaseLab();
    await lab.raw.query("create database lab character set utf8mb4 collate utf8mb4_bin");
    await lab.project.schema("lab").manual("Code", "code : varchar(10)").heading();
    const columns = await lab.raw.query(
      `select collation_name as collation from information_schema.columns
       where table_schema = 'lab' and table_name = 'code'`,
    );
    expect(columns).toEqual([{ collation: "utf8mb4_bin" }]);
  });

  it("R-422: a table with a foreign key to itself does not keep its schema from being used", async () => {
    await using lab = await openDatabaseLab();
    await execute(lab.raw, [
      "create database lab",
      `create table lab.node (id int not null comment ':int32:', up int default null comment ':int32:', primary key (id),
         foreign key (up) references lab.node (id) on update cascade on delete restrict) engine=InnoDB`,
      "create table lab.other (id int not null comment ':int32:', primary key (id)) engine=InnoDB",
      "insert into lab.node values (1, null), (2, 1)",
      "insert into lab.other values (1)",
    ]);
    const schema = lab.project.schema("lab");
    expect([...(await schema.tableNames())].toSorted()).toEqual(["node", "other"]);
    const Other = await schema.table("Other");
    expect(await Other.where({ id: 1 }).delete()).toBe(1);
    const Node = await schema.table("Node");
    expect(await Node.orderBy("id").fetch()).toEqual([
      { id: 1, up: null },
      { id: 2, up: 1 },
    ]);
    // A cascade that leads back to its own table would have no end: it is refused before anything is deleted.
    await expect(Node.where({ id: 1 }).delete()).rejects.toThrow(/depend on each other/);
    expect(await Node.count()).toBe(2);
  });

  it("R-424: a double quote in the comment of a parent's key does not keep children from being declared", async () => {
    await using lab = await openDatabaseLab();
    await execute(lab.raw, [
      "create database lab",
      `create table lab.parent (id int not null comment ':int32:id of "x" and it''s \\\\ 100%', primary key (id))
         engine=InnoDB`,
    ]);
    const schema = lab.project.schema("lab");
    const Parent = await schema.table("Parent");
    const definition: string = "-> Parent\nn : int8";
    await schema.manual("Child", definition, { Parent }).heading();
    const child = await readTable(lab.raw, "lab", "child");
    expect(child?.columns[0]?.comment).toBe(':int32:id of "x" and it\'s \\ 100%');
  });
});
