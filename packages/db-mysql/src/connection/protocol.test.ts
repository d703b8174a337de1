import { describe, expect, it } from "vitest";
import { needsPreparing } from "./protocol.ts";

describe("the protocol of a statement", () => {
  it.each([
    "select 1",
    "  (SELECT 1) union (select 2)",
    "/* why */ -- what\n# more\nwith x as (select 1) select * from x",
    "values row(1)",
    "table lab.session",
    "call lab.report()",
    "insert into lab.t values (1) returning weight",
  ])("is the binary one where columns may come back: %s", (text) => {
    expect(needsPreparing(text, [])).toBe(true);
  });

  it("is the binary one where values are bound", () => {
    expect(needsPreparing("update lab.t set a = ?", [1])).toBe(true);
  });

  it.each(["insert into lab.t values (1)", "START TRANSACTION", "COMMIT", "create table lab.t (a int)", "set @a = 1"])(
    "is the text one otherwise: %s",
    (text) => {
      expect(needsPreparing(text, [])).toBe(false);
    },
  );
});
