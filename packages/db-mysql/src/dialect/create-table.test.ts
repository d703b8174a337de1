import type { TableSpec } from "@mortise/sql";
import { describe, expect, it } from "vitest";
import { column, table } from "../../../sql/src/testing/table.ts";
import { textOf } from "../testing/statement-text.ts";
import { mysqlDialect } from "./dialect.ts";

function textsOf(spec: TableSpec): readonly string[] {
  return mysqlDialect.createTable(spec).map(textOf);
}

const subjectId = column("subject_id", "int32", { comment: "unique id" });
const toSubject = { parent: { schema: "lab", table: "subject" }, parentColumns: ["subject_id"] };
const nullable = { nullable: true };

describe("CREATE TABLE", () => {
  it("R-117: writes columns, key and comments in one statement, without charset or collation", () => {
    const spec = table(
      "subject",
      [
        subjectId,
        column("name", "varchar(100)", { comment: "display name" }),
        column("sex", "enum('M','F','U')", { default: { kind: "literal", text: "U" } }),
        column("dob", "date", { nullable: true, default: { kind: "null" } }),
      ],
      { comment: "Experimental subject" },
    );
    expect(textsOf(spec)).toEqual([
      `CREATE TABLE \`lab\`.\`subject\` (
  \`subject_id\` int NOT NULL COMMENT ':int32:unique id',
  \`name\` varchar(100) NOT NULL COMMENT ':varchar(100):display name',
  \`sex\` enum('M','F','U') NOT NULL DEFAULT 'U' COMMENT ':enum(''M'',''F'',''U''):',
  \`dob\` date DEFAULT NULL COMMENT ':date:',
  PRIMARY KEY (\`subject_id\`)
) ENGINE=InnoDB COMMENT='Experimental subject'`,
    ]);
  });

  it("R-119: gives a table without a key its hidden column", () => {
    const singleton = column("_singleton", "bool", {
      comment: "singleton primary key",
      default: { kind: "literal", text: "1" },
    });
    const spec = table("#setup", [singleton, column("version", "int32", { default: { kind: "literal", text: "1" } })]);
    expect(textsOf(spec)[0]).toContain(
      "`_singleton` tinyint NOT NULL DEFAULT '1' COMMENT ':bool:singleton primary key',",
    );
    expect(textsOf(spec)[0]).toContain("PRIMARY KEY (`_singleton`)");
  });

  it("R-121: writes foreign keys in order, with unique indexes where they are unique", () => {
    const spec = table(
      "visit",
      [
        column("visit", "int32"),
        subjectId,
        { ...subjectId, ...nullable, name: "rival" },
        column("strain", "varchar(32)", nullable),
      ],
      {
        foreignKeys: [
          { columns: ["subject_id"], ...toSubject },
          { columns: ["strain"], parent: { schema: "lab", table: "#strain" }, parentColumns: ["strain"] },
          { columns: ["rival"], ...toSubject },
        ],
        indexes: [{ unique: true, items: [{ column: "rival" }] }],
      },
    );
    expect(textsOf(spec)).toEqual([
      `CREATE TABLE \`lab\`.\`visit\` (
  \`visit\` int NOT NULL COMMENT ':int32:',
  \`subject_id\` int NOT NULL COMMENT ':int32:unique id',
  \`rival\` int COMMENT ':int32:unique id',
  \`strain\` varchar(32) COMMENT ':varchar(32):',
  PRIMARY KEY (\`visit\`),
  FOREIGN KEY (\`subject_id\`) REFERENCES \`lab\`.\`subject\` (\`subject_id\`) ON UPDATE CASCADE ON DELETE RESTRICT,
  FOREIGN KEY (\`strain\`) REFERENCES \`lab\`.\`#strain\` (\`strain\`) ON UPDATE CASCADE ON DELETE RESTRICT,
  FOREIGN KEY (\`rival\`) REFERENCES \`lab\`.\`subject\` (\`subject_id\`) ON UPDATE CASCADE ON DELETE RESTRICT,
  UNIQUE INDEX \`index-1\` (\`rival\`)
) ENGINE=InnoDB`,
    ]);
  });

  it("R-129: numbers the declared indexes, so that they are told from the server's own", () => {
    const spec = table("idx", [column("k", "int8"), column("a", "int8"), column("b", "varchar(10)")], {
      indexes: [
        { unique: false, items: [{ column: "a" }, { column: "b" }] },
        { unique: true, items: [{ column: "b" }] },
      ],
    });
    expect(textsOf(spec)[0]).toContain("  INDEX `index-1` (`a`, `b`),\n  UNIQUE INDEX `index-2` (`b`)\n");
  });

  it("R-131: writes JSON paths and expressions as Python does, and refuses them on MariaDB before the table is made", () => {
    const spec = table("t", [column("k", "int8"), column("j", "json"), column("d", "date")], {
      indexes: [
        { unique: false, items: [{ expression: "j.x.y:char(20)" }] },
        { unique: false, items: [{ expression: "(year(d))" }, { column: "k" }] },
      ],
    });
    const [guard, create] = textsOf(spec);
    expect(guard).toMatch(/^\/\*!50700 DO 0 \*\/ \/\*M! SIGNAL .*MariaDB has no indexes on expressions/);
    expect(create).toContain(
      "INDEX `index-1` ((json_value(`j`, _utf8mb4'$.x.y' returning char(20)))) COMMENT '[\"j.x.y:char(20)\"]'",
    );
    expect(create).toContain('INDEX `index-2` ((year(d)), `k`) COMMENT \'["(year(d))","k"]\'');
  });

  it("does not let a child number its rows where the parent does", () => {
    const columns = [column("id", "int unsigned auto_increment"), column("other", "serial")];
    const keys = ["id", "other"].map((name) => ({ ...toSubject, columns: [name], parentColumns: [name] }));
    const [text] = textsOf(table("child", columns, { foreignKeys: keys }));
    expect(text).toContain("`id` int unsigned NOT NULL,");
    expect(text).toContain("`other` bigint unsigned NOT NULL,");
    expect(textsOf(table("parent", columns))[0]).toContain("`id` int unsigned auto_increment NOT NULL,");
  });

  it("names the foreign keys of a table whose name leaves the server no room to do so", () => {
    const name = "t".repeat(64);
    const foreignKeys = [{ columns: ["subject_id"], ...toSubject }];
    const names = [name, `${"t".repeat(63)}u`].map((one) => {
      const [text = ""] = textsOf(table(one, [subjectId], { foreignKeys }));
      return /CONSTRAINT `([^`]+)` FOREIGN KEY/.exec(text)?.[1] ?? "";
    });
    expect(names[0]).toMatch(/^t{40}_[0-9a-f]{12}_ibfk_1$/);
    expect(names[1]).not.toBe(names[0]);
  });

  it("refuses a table without a key, a comment longer than 2048 characters and one with a line break", () => {
    const columns = [subjectId];
    expect(() => textsOf(table("t", columns, { primaryKey: [] }))).toThrow(/no primary key/);
    expect(() => textsOf(table("t", columns, { comment: "x".repeat(2049) }))).toThrow(/2049 characters/);
    expect(() => textsOf(table("t", columns, { comment: "a\nb" }))).toThrow(/line break/);
  });

  it("quotes names with quotes in them", () => {
    const spec = table("a`b", [column("c`d", "int8")], { schema: "e`f" });
    expect(textsOf(spec)[0]).toContain("CREATE TABLE `e``f`.`a``b` (\n  `c``d` tinyint");
    expect(mysqlDialect.dropTable(spec).map(textOf)).toEqual(["DROP TABLE `e``f`.`a``b`"]);
    expect(mysqlDialect.createSchema("e`f").map(textOf)).toEqual(["CREATE DATABASE IF NOT EXISTS `e``f`"]);
  });
});
