import { parseColumnType, type TableSpec } from "@mortise/sql";
import { expect, it } from "vitest";
import { definitionText } from "./definition-text.ts";

const type = parseColumnType("int8").type;
if (type === undefined) throw new Error("int8 is a type");
const column = { type, marker: "int8", comment: "", nullable: false, default: undefined };

/** As Python declares it from `-> Session.Trial`: it asks of no part that it refers to its master. */
const part: TableSpec = {
  schema: "lab",
  name: "session__extra",
  comment: "",
  columns: [{ ...column, name: "trial" }],
  primaryKey: ["trial"],
  foreignKeys: [],
  indexes: [],
};

it("says of a part that it does not refer to its master, which a definition has to", () => {
  expect(definitionText(part, new Map())).toContain("# not in this definition: -> master");
  const parent = { schema: "lab", table: "session" };
  const whole = { ...part, foreignKeys: [{ columns: ["trial"], parent, parentColumns: ["trial"] }] };
  const session = { ...part, name: "session" };
  expect(definitionText(whole, new Map([["lab.session", session]]))).toBe("-> master");
});
