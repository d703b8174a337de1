import { describe, expect, it } from "vitest";
import { leavesTraces, onlyReads } from "./statement-kind.ts";

describe("a statement that only reads", () => {
  it.each([
    "select 1",
    "-- hello\nSELECT count(*), max(a) from t where b in (1, 2)",
    "with x as (select 1) select * from x",
    "values (1), (2)",
    "show tables",
    'select "t"."a" from "lab"."t" where exists (select 1 from "u")',
    "select json_extract(a, '$.b') from t order by coalesce(a, 1)",
  ])("is known by its words: %s", (text) => expect(onlyReads(text)).toBe(true));

  it.each([
    "insert into t values (1)",
    "update t set a = 1",
    "with x as (delete from t returning *) select * from x",
    "with x as (select 1) insert into t select * from x",
    "select * from t for update",
    "select * from t for no key update",
    "select * from t lock in share mode",
    "select a into b from t",
    "select nextval('s')",
    "select my_function(1)",
    "select lab.my_function (1)",
    'select "My Function"(1)',
    "select get_lock('a', 1)",
    "select @a := 1",
    "explain analyze delete from t",
    "/*! delete from t */",
    "call f()",
    "",
  ])("is not: %s", (text) => expect(onlyReads(text)).toBe(false));
});

describe("a statement that leaves its connection as it was", () => {
  it.each([
    "select temp from t",
    "insert into t values (1)",
    "create table t (a int)",
    "create or replace view v as select 1",
    "set local lock_timeout = 1",
    "select set_config('synchronous_commit', 'off', true)",
    "select pg_advisory_xact_lock(1)",
    "savepoint a",
  ])("is known by its words: %s", (text) => expect(leavesTraces(text)).toBe(false));

  it.each([
    "set time_zone = '+01:00'",
    "use lab",
    "lock tables t write",
    "prepare p from 'select 1'",
    "listen x",
    "select get_lock('a', 1)",
    "select pg_advisory_lock(1)",
    "select pg_try_advisory_lock(1)",
    "select set_config('a', 'b', false)",
    "create temp table t (a int)",
    "create temporary table t (a int)",
    "select 1 into temp t",
    "do $$ begin end $$",
    "",
  ])("is not: %s", (text) => expect(leavesTraces(text)).toBe(true));
});
