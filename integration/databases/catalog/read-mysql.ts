import type { RawClient, RawRow } from "../lab/raw-client.ts";
import type { CatalogColumn, CatalogTable } from "./catalog-table.ts";

const text = (value: unknown): string => (value === null || value === undefined ? "" : `${value as string | number}`);

/** A table as information_schema has it, in the words that MySQL and MariaDB have in common. */
export async function readMysqlTable(raw: RawClient, schema: string, table: string): Promise<CatalogTable | undefined> {
  const where = "table_schema = ? and table_name = ?";
  const ask = (query: string): Promise<readonly RawRow[]> => raw.query(query, [schema, table]);
  const [about] = await ask(`select table_comment as comment, engine from information_schema.tables where ${where}`);
  if (about === undefined) return undefined;
  const columns = await ask(
    `select column_name as name, column_type as type, is_nullable as nullable, column_default as preset, extra,
       column_comment as comment from information_schema.columns where ${where} order by ordinal_position`,
  );
  const indexes = await ask(
    `select index_name as name, non_unique as plain, group_concat(column_name order by seq_in_index) as columns
       from information_schema.statistics where ${where} group by index_name, non_unique`,
  );
  const keys = await ask(
    `select k.constraint_name as name, group_concat(k.column_name order by k.ordinal_position) as columns,
       max(k.referenced_table_schema) as parent_schema, max(k.referenced_table_name) as parent,
       group_concat(k.referenced_column_name order by k.ordinal_position) as parent_columns,
       max(r.update_rule) as on_update, max(r.delete_rule) as on_delete
     from information_schema.key_column_usage k join information_schema.referential_constraints r
       on r.constraint_schema = k.constraint_schema and r.constraint_name = k.constraint_name
         and r.table_name = k.table_name
     where k.table_schema = ? and k.table_name = ? and k.referenced_table_name is not null group by k.constraint_name`,
  );
  const [version] = await raw.query("select version() as version");
  const mariadb = text(version?.["version"]).includes("MariaDB");
  const listed = (unique: boolean): string[] =>
    indexes
      .filter((index) => index["name"] !== "PRIMARY" && (Number(index["plain"]) === 0) === unique)
      .map((index) => text(index["columns"]))
      .toSorted();
  return {
    comment: text(about["comment"]),
    columns: columns.map((row) => columnOf(row, mariadb)),
    primaryKey: text(indexes.find(({ name }) => name === "PRIMARY")?.["columns"]),
    foreignKeys: keys
      .map(
        (key) =>
          `(${text(key["columns"])}) → ${text(key["parent_schema"])}.${text(key["parent"])}(${text(key["parent_columns"])})` +
          ` update ${text(key["on_update"])} delete ${text(key["on_delete"])}`,
      )
      .toSorted(),
    unique: listed(true),
    plain: listed(false),
  };
}

function columnOf(row: RawRow, mariadb: boolean): CatalogColumn {
  return {
    name: text(row["name"]),
    // MariaDB still shows the width that integers were once displayed with.
    type: mariadb ? text(row["type"]).replace(/^((?:big|small|tiny)?int)\(\d+\)/, "$1") : text(row["type"]),
    nullable: row["nullable"] === "YES",
    preset: mariadb ? presetOfMariadb(row["preset"]) : row["preset"] === null ? undefined : text(row["preset"]),
    comment: text(row["comment"]),
  };
}

/** MariaDB shows an expression where MySQL shows the value. */
function presetOfMariadb(shown: unknown): string | undefined {
  if (shown === null || shown === "NULL") return undefined;
  const preset = text(shown);
  if (preset.startsWith("current_timestamp(")) return preset.toUpperCase().replace("()", "");
  return preset.startsWith("'") ? preset.slice(1, -1).replaceAll("\\'", "'").replaceAll("''", "'") : preset;
}
