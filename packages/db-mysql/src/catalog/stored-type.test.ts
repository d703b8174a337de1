import { describe, expect, it } from "vitest";
import { type StoredColumnType, storedType } from "./stored-type.ts";

function read(type: string, marker?: string, more: Partial<StoredColumnType> = {}): string {
  const found = storedType(marker, { type, isAutoIncrement: false, isJson: false, ...more });
  return `${found.kind} ${found.name} ${found.text}`;
}

describe("the type of a column in the catalog", () => {
  it.each([
    ["R-136", "int", "int32", "core int32 int32"],
    ["R-137", "varchar(100)", "varchar(100)", "core varchar varchar(100)"],
    ["R-138", "enum('M','F','U')", "enum('M','F','U')", "core enum enum('M','F','U')"],
    ["R-139", "date", "date", "core date date"],
    ["R-140", "binary(16)", "uuid", "core uuid uuid"],
    ["R-141", "enum('x','y')", undefined, "core enum enum('x','y')"],
    ["R-142", "tinyint", undefined, "native tinyint tinyint"],
    ["R-143", "float", "float32", "core float32 float32"],
    ["R-144", "longblob", "<blob>", "core bytes bytes"],
    ["R-145", "json", "<blob@main>", "core json json"],
    ["R-146", "json", "<object@>", "core json json"],
    ["R-147", "tinyint", "bool", "core bool bool"],
    ["R-148", "int", "int32", "core int32 int32"],
    ["R-149", "datetime(3)", undefined, "core datetime datetime(3)"],
    ["R-150", "varchar(64)", undefined, "core varchar varchar(64)"],
  ])("%s: %s with the marker %s", (_id, type, marker, expected) => {
    expect(read(type, marker)).toBe(expected);
  });

  it.each([
    ["int(11)", "native int int"],
    ["bigint(20) unsigned", "native bigint bigint unsigned"],
    ["tinyint(1)", "native tinyint tinyint"],
    ["year(4)", "native year year"],
    ["double(10,2)", "native double double(10,2)"],
    ["decimal(10,2)", "core decimal decimal(10,2)"],
    ["decimal(10,2) unsigned", "native decimal decimal(10,2) unsigned"],
    ["binary(16)", "native binary binary(16)"],
    ["set('a','b')", "native set set('a','b')"],
    ["point", "native point point"],
    ["enum('a:b')", "native enum enum('a:b')"],
  ])("reads %s that others made", (type, expected) => {
    expect(read(type)).toBe(expected);
  });

  it("keeps the marker's own spelling, also one that only others write", () => {
    expect(read("decimal(20,0)", "decimal(20, 0)")).toBe("core decimal decimal(20, 0)");
    expect(read("varchar(20)", "VARCHAR (20)")).toBe("core varchar VARCHAR (20)");
    expect(read("int(11)", "newtype(3)")).toBe("native int int");
  });

  it("knows json on MariaDB, which is a longtext there, by its check or its codec", () => {
    expect(read("longtext", undefined, { isJson: true })).toBe("core json json");
    expect(read("longtext")).toBe("native longtext longtext");
    expect(read("longtext", "<blob@>")).toBe("core json json");
    expect(read("longtext", "json")).toBe("core json json");
  });

  it("says which columns the server numbers", () => {
    expect(read("int(10) unsigned", undefined, { isAutoIncrement: true })).toBe(
      "native int int unsigned auto_increment",
    );
  });
});
