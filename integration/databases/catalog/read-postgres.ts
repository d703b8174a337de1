import type { RawClient, RawRow } from "../lab/raw-client.ts";
import type { CatalogColumn, CatalogTable } from "./catalog-table.ts";

const text = (value: unknown): string => (value === null || value === undefined ? "" : `${value as string | number}`);
const actions: Readonly<Record<string, string>> = { c: "CASCADE", r: "RESTRICT", a: "NO ACTION" };

/** A table as pg_catalog has it, in the words that are compared with MySQL's. */
export async function readPostgresTable(
  raw: RawClient,
  schema: string,
  table: string,
): Promise<CatalogTable | undefined> {
  const ask = (query: string): Promise<readonly RawRow[]> => raw.query(query, [schema, table]);
  const named = "n.nspname = $1 and c.relname = $2";
  const from = "pg_class c join pg_namespace n on n.oid = c.relnamespace";
  const [about] = await ask(`select obj_description(c.oid, 'pg_class') as comment from ${from} where ${named}`);
  if (about === undefined) return undefined;
  const columns = await ask(
    `select a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as required,
       pg_get_expr(d.adbin, d.adrelid) as preset, col_description(c.oid, a.attnum) as comment
     from ${from} join pg_attribute a on a.attrelid = c.oid
       left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
     where ${named} and a.attnum > 0 and not a.attisdropped order by a.attnum`,
  );
  const names = (relation: string, numbers: string): string =>
    `(select string_agg(quote_ident(a.attname), ',' order by u.place) from unnest(${numbers}) with ordinality u(number, place)
       join pg_attribute a on a.attrelid = ${relation} and a.attnum = u.number)`;
  const constraints = await ask(
    `select k.contype as kind, ${names("k.conrelid", "k.conkey")} as columns, pn.nspname as parent_schema,
       p.relname as parent, ${names("k.confrelid", "k.confkey")} as parent_columns, k.confupdtype as on_update,
       k.confdeltype as on_delete
     from ${from} join pg_constraint k on k.conrelid = c.oid left join pg_class p on p.oid = k.confrelid
       left join pg_namespace pn on pn.oid = p.relnamespace where ${named}`,
  );
  const indexes = await ask(
    `select i.indisunique as uniq, ${names("i.indrelid", "i.indkey::int2[]")} as columns
     from ${from} join pg_index i on i.indrelid = c.oid where ${named} and not i.indisprimary`,
  );
  const listed = (unique: "t" | "f"): string[] =>
    indexes
      .filter((index) => index["uniq"] === unique)
      .map((index) => text(index["columns"]))
      .toSorted();
  return {
    comment: text(about["comment"]),
    columns: columns.map(columnOf),
    primaryKey: text(constraints.find(({ kind }) => kind === "p")?.["columns"]),
    foreignKeys: constraints
      .filter(({ kind }) => kind === "f")
      .map(
        (key) =>
          `(${text(key["columns"])}) → ${text(key["parent_schema"])}.${text(key["parent"])}(${text(key["parent_columns"])})` +
          ` update ${actions[text(key["on_update"])]} delete ${actions[text(key["on_delete"])]}`,
      )
      .toSorted(),
    unique: listed("t"),
    plain: listed("f"),
  };
}

function columnOf(row: RawRow): CatalogColumn {
  return {
    name: text(row["name"]),
    type: text(row["type"]).replaceAll('"', ""),
    nullable: row["required"] === "f",
    preset: presetOf(row["preset"]),
    comment: text(row["comment"]),
  };
}

/** `'x'::lab.enum_1` is x: the server adds the type to the text that a statement gave. */
function presetOf(shown: unknown): string | undefined {
  if (shown === null) return undefined;
  const literal = /^'((?:[^']|'')*)'::/.exec(text(shown));
  if (literal !== null) return literal[1]?.replaceAll("''", "'");
  return text(shown).startsWith("NULL::") ? undefined : text(shown);
}
