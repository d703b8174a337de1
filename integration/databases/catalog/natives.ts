import { testServer } from "../../../packages/schema/test/database/provided.ts";

/** Native types of the reference (relational specification §2.1), as the catalogs spell them. */
const mysql = {
  int8: "tinyint",
  int16: "smallint",
  int32: "int",
  int64: "bigint",
  float32: "float",
  float64: "double",
  bool: "tinyint",
  uuid: "binary(16)",
  json: "json",
  bytes: "longblob",
  date: "date",
  datetime: "datetime",
} as const;

const postgresql: Readonly<Record<keyof typeof mysql, string>> = {
  int8: "smallint",
  int16: "smallint",
  int32: "integer",
  int64: "bigint",
  float32: "real",
  float64: "double precision",
  bool: "boolean",
  uuid: "uuid",
  json: "jsonb",
  bytes: "bytea",
  date: "date",
  datetime: "timestamp without time zone",
};

/** The server's own spelling of a core type. Enums of PostgreSQL are types of their own: see `enumType`. */
export function nativeOf(core: string): string {
  const server = testServer();
  // MariaDB's json is text with a check.
  if (core === "json" && server?.name.startsWith("MariaDB")) return "longtext";
  const [name = "", args = ""] = core.split(/(?=\()/);
  if (server?.backend === "mysql") return `${mysql[name as keyof typeof mysql] ?? name}${args.replaceAll(" ", "")}`;
  if (name === "datetime") return `timestamp${args} without time zone`;
  const others: Readonly<Record<string, string>> = {
    char: "character",
    varchar: "character varying",
    decimal: "numeric",
  };
  return `${postgresql[name as keyof typeof postgresql] ?? others[name] ?? name}${args.replaceAll(" ", "")}`;
}
