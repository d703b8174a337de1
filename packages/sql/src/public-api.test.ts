import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import * as api from "./index.ts";

describe("@mortise/sql", () => {
  it("exports what plugins and schemas build on, and nothing else", () => {
    expect(Object.keys(api).toSorted()).toEqual([
      "acceptValue",
      "atRow",
      "below",
      "compareSpecs",
      "countCharacters",
      "createAcceptor",
      "currentTimestampDigits",
      "databaseIdOf",
      "decideCommit",
      "defaultProblem",
      "dependentsOf",
      "executeAll",
      "foreignKeysBelow",
      "formatComment",
      "hashKey",
      "hashesAsJson",
      "integerRanges",
      "intentsAsJson",
      "isAutoIncrement",
      "isConflict",
      "isHidden",
      "keepStoreId",
      "ledgerFormat",
      "ledgerTransaction",
      "lineageOf",
      "literalDefault",
      "nativeFamily",
      "needsBigint",
      "newToken",
      "newWriterId",
      "parseColumnType",
      "parseComment",
      "parseDecimalText",
      "parseJson",
      "pathHash",
      "quoteLiteral",
      "quoteName",
      "readStoreId",
      "sameType",
      "serverKeys",
      "sqlWords",
      "supportIndexes",
      "tableKey",
      "timestampDigits",
      "useDefault",
      "withoutNumbering",
    ]);
  });

  it("gives Kysely's tag through an entry of its own, so that the rest starts fast", async () => {
    const { sql } = await import("./kysely.ts");
    expect(sql`select ${1}`.isRawBuilder).toBe(true);
    const index = await readFile(new URL("index.ts", import.meta.url), "utf8");
    expect(index).not.toMatch(/kysely/);
  });

  it("shares with database packages what each of them would write again", async () => {
    expect(Object.keys(await import("./driver/index.ts")).toSorted()).toEqual([
      "Permits",
      "Turns",
      "createKyselyDialect",
      "defaultWaitMs",
      "readyStatement",
      "refuseSavepoints",
      "refuseTransactionControl",
      "skipBlanks",
      "statementBegins",
      "statementCompiler",
    ]);
    expect(Object.keys(await import("./server/index.ts")).toSorted()).toEqual([
      "connectWithTls",
      "serverDatabase",
      "serverOptions",
      "serverSettings",
    ]);
  });
});
