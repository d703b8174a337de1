import { DefinitionError } from "@mortise/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Tier } from "../context.ts";
import { checkClassName, classNameOf, partTableNameOf, tableNameOf } from "./class-name.ts";
import { checkSchemaName } from "./schema-name.ts";
import { masterTableOf, ownTierOf, qualifiedClassName, tierOf } from "./table-name.ts";

describe("class names", () => {
  const cases: readonly (readonly [id: string, tier: Tier, name: string, table: string, camel: string])[] = [
    ["R-001", "manual", "Subject", "subject", "Subject"],
    ["R-002", "manual", "SessionTrial", "session_trial", "SessionTrial"],
    ["R-003", "lookup", "LookupTable", "#lookup_table", "LookupTable"],
    ["R-004", "imported", "RawScan", "_raw_scan", "RawScan"],
    ["R-005", "computed", "SpikeSorting", "__spike_sorting", "SpikeSorting"],
    ["R-006", "manual", "ProcessedEMG", "processed_e_m_g", "ProcessedEMG"],
    ["R-007", "manual", "ABCTable", "a_b_c_table", "ABCTable"],
    ["R-008", "manual", "Session2", "session2", "Session2"],
    ["R-009", "manual", "S2Q", "s2_q", "S2Q"],
    ["R-010", "manual", "Session2D", "session2_d", "Session2D"],
    ["R-011", "manual", "X1Y2", "x1_y2", "X1Y2"],
    ["R-012", "manual", "A", "a", "A"],
  ];
  it.each(cases)("%s: %s %s is table %s and reads back as %s", (_id, tier, name, table, camel) => {
    expect(checkClassName(name)).toEqual({ name });
    expect(tableNameOf(name, tier)).toBe(table);
    expect(classNameOf(table)).toBe(camel);
  });

  it.each([
    ["R-013", "My_Table", "my_table", "MyTable"],
    ["R-014", "Foo_bar", "foobar", "Foobar"],
  ])("%s: %s loses its underscore with a warning and is table %s", (_id, written, table, camel) => {
    const { name, warning } = checkClassName(written);
    expect(name).toBe(camel);
    expect(warning).toContain(written);
    expect(tableNameOf(name, "manual")).toBe(table);
    expect(classNameOf(table)).toBe(camel);
  });

  it("R-015: a part of a manual table is called after its master", () => {
    expect(partTableNameOf("session", "Trial")).toBe("session__trial");
    expect(classNameOf("session__trial")).toBe("SessionTrial");
    expect(qualifiedClassName("session__trial")).toBe("Session.Trial");
  });

  it("R-016: a part of a computed table keeps its master's prefix", () => {
    expect(partTableNameOf(tableNameOf("SpikeSorting", "computed"), "Unit")).toBe("__spike_sorting__unit");
    expect(qualifiedClassName("__spike_sorting__unit")).toBe("SpikeSorting.Unit");
  });

  it("R-017: a part of a lookup table keeps its master's prefix", () => {
    expect(partTableNameOf(tableNameOf("Param", "lookup"), "Item")).toBe("#param__item");
  });

  it.each([
    ["R-018", "subject", "write 'Subject'"],
    ["R-019", "2Fast", "start with an upper-case letter"],
    ["R-020", "Été", "upper-case letter"],
  ])("%s: refuses %s", (_id, name, hint) => {
    expect(() => checkClassName(name)).toThrow(DefinitionError);
    expect(() => checkClassName(name)).toThrow(expect.objectContaining({ code: "invalid-name" }));
    expect(() => checkClassName(name)).toThrow(expect.objectContaining({ hint: expect.stringContaining(hint) }));
  });
});

describe("table names", () => {
  it.each([
    ["R-021", "subject", "manual", undefined],
    ["R-022", "#lookup_table", "lookup", undefined],
    ["R-023", "_imp", "imported", undefined],
    ["R-024", "__comp", "computed", undefined],
    ["R-025", "subject__part", "part", "subject"],
    ["R-026", "__comp__part", "part", "__comp"],
    ["R-027", "#look__part", "part", "#look"],
    ["R-028", "_imp__part_two", "part", "_imp"],
    ["R-029", "~lineage", undefined, undefined],
    ["R-030", "~~comp", undefined, undefined],
    ["R-031", "a__b__c", undefined, "a__b"],
    ["R-032", "_1a", undefined, undefined],
    ["R-033", "Abc", undefined, undefined],
    ["R-034", "a_", undefined, undefined],
  ])("%s: %s has tier %s and master %s", (_id, table, tier, master) => {
    expect(tierOf(table)).toBe(tier);
    expect(masterTableOf(table)).toBe(master);
  });

  it("gives a part the tier of its master", () => {
    expect(ownTierOf("__comp__part")).toBe("computed");
    expect(ownTierOf("#look__part")).toBe("lookup");
    expect(ownTierOf("~lineage")).toBeUndefined();
  });
});

describe("class and table names", () => {
  const className = fc.stringMatching(/^[A-Z][A-Za-z0-9]{0,20}$/);
  const tier = fc.constantFrom<Tier>("manual", "lookup", "imported", "computed");

  it("lead to each other and to the tier, whatever the class is called", () => {
    fc.assert(
      fc.property(className, className, tier, (name, part, itsTier) => {
        const table = tableNameOf(name, itsTier);
        expect(tierOf(table)).toBe(itsTier);
        expect(classNameOf(table)).toBe(name);
        const partTable = partTableNameOf(table, part);
        expect(tierOf(partTable)).toBe("part");
        expect(masterTableOf(partTable)).toBe(table);
        expect(ownTierOf(partTable)).toBe(itsTier);
        expect(qualifiedClassName(partTable)).toBe(`${name}.${part}`);
      }),
    );
  });
});

describe("schema names", () => {
  it.each(["lab", "_lab", "lab_2"])("accepts %s", (name) => {
    expect(checkSchemaName(name)).toBe(name);
  });
  it.each(["Lab", "2lab", "my-lab", "a.b", "", "lab "])("refuses '%s'", (name) => {
    expect(() => checkSchemaName(name)).toThrow(expect.objectContaining({ code: "invalid-name" }));
  });
});
