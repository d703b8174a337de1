import type { ConfigKey } from "../../plugin/contract.ts";

/** A setting outside `stores`, with the variable that also sets it. */
export interface SettingKey extends ConfigKey {
  readonly env?: string | undefined;
}

type Default = string | number | boolean | null;

function setting(name: string, preset: Default, description: string, extra: Partial<SettingKey> = {}): SettingKey {
  const type = typeof preset === "number" ? "integer" : typeof preset === "boolean" ? "boolean" : "string";
  // Python names its variables after the last part of the key, but for those that `extra` names.
  const env = `DJ_${name.replace(/^(?:database|display)\./, "").replace(".", "_")}`.toUpperCase();
  return { name, type, description, env, default: preset ?? undefined, ...extra };
}

/** A setting that Mortise accepts, because one file serves both languages, and does not use. */
function pythons(name: string, preset: Default, extra: Partial<SettingKey> = {}): SettingKey {
  return setting(name, preset, "Used by DataJoint for Python only", extra);
}

// Python reads these from variables without a prefix, by accident: any program's LIMIT would leak in.
const noVariable = { env: undefined };

/** DataJoint's settings (storage specification §3.3, §3.5), and `database.file` of our own. */
export const settingKeys: readonly SettingKey[] = [
  setting(
    "database.backend",
    null,
    "mysql or postgresql, or sqlite in the mortise block; unset: sqlite without a server",
  ),
  setting("database.file", null, "SQLite file, relative to the folder of the file", {
    mortiseOnly: true,
    ...noVariable,
  }),
  setting("database.host", "localhost", "Host name of the server"),
  setting("database.port", null, "Port; unset: 3306, or 5432 for postgresql", { type: "integer" }),
  setting("database.user", null, "User name"),
  setting("database.password", null, "Password", { env: "DJ_PASS", secret: true }),
  setting("database.name", null, "Database to connect to (PostgreSQL)", { env: "DJ_DATABASE_NAME" }),
  setting("database.use_tls", null, "true: required; false: off; unset: tried first", { type: "boolean" }),
  setting("database.reconnect", true, "Connect again after a lost connection"),
  // Python 2.3 itself only warns of it, and applies it to no name.
  pythons("database.database_prefix", ""),
  setting("database.create_tables", true, "Declare tables that do not exist"),
  setting("download_path", ".", "Folder that downloads go to"),
  pythons("safemode", true),
  pythons("loglevel", "INFO", {
    env: "DJ_LOG_LEVEL",
    allowed: ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"],
  }),
  setting("ignore_config_file", false, "Use neither configuration file nor secrets"),
  pythons("query_cache", null),
  pythons("connection.charset", "", noVariable),
  pythons("display.limit", 12, noVariable),
  pythons("display.width", 14, noVariable),
  pythons("display.show_tuple_count", true, noVariable),
  pythons("display.diagram_direction", "LR"),
  pythons("display.diagram_theme", "auto"),
  pythons("jobs.auto_refresh", true),
  pythons("jobs.keep_completed", false),
  pythons("jobs.stale_timeout", 3600),
  pythons("jobs.default_priority", 5),
  pythons("jobs.version_method", null),
  pythons("jobs.allow_new_pk_fields_in_computed_tables", false),
  pythons("jobs.add_job_metadata", false),
];
