import type { ConfigKey } from "../../plugin/contract.ts";

/** A setting outside `stores`, with the variable that also sets it. */
export interface SettingKey extends ConfigKey {
  readonly env?: string | undefined;
}

type Extra = Partial<Omit<SettingKey, "name" | "type" | "description">>;

function setting(name: string, type: ConfigKey["type"], description: string, extra: Extra = {}): SettingKey {
  return { name, type, description, ...extra };
}

/** DataJoint's settings (storage specification §3.3, §3.5) and the two of our own. */
export const settingKeys: readonly SettingKey[] = [
  setting("database.backend", "string", "Kind of database; unset: sqlite, or mysql where a server is named", {
    env: "DJ_BACKEND",
  }),
  setting("database.file", "string", "SQLite file, relative to the configuration's folder", { mortiseOnly: true }),
  setting("database.host", "string", "Host name of the server", { env: "DJ_HOST", default: "localhost" }),
  setting("database.port", "integer", "Port; unset: 3306, or 5432 for postgresql", { env: "DJ_PORT" }),
  setting("database.user", "string", "User name", { env: "DJ_USER" }),
  setting("database.password", "string", "Password", { env: "DJ_PASS", secret: true }),
  setting("database.name", "string", "Database to connect to (PostgreSQL)", { env: "DJ_DATABASE_NAME" }),
  setting("database.use_tls", "boolean", "true: required; false: off; unset: tried first", { env: "DJ_USE_TLS" }),
  setting("database.reconnect", "boolean", "Connect again after a lost connection", {
    env: "DJ_RECONNECT",
    default: true,
  }),
  setting("database.database_prefix", "string", "Prefix of schema names", { env: "DJ_DATABASE_PREFIX", default: "" }),
  setting("database.create_tables", "boolean", "Declare absent tables", { env: "DJ_CREATE_TABLES", default: true }),
  setting("connection.charset", "string", "Character set of the connection", { default: "" }),
  setting("download_path", "string", "Folder that downloads go to", { env: "DJ_DOWNLOAD_PATH", default: "." }),
  setting("safemode", "boolean", "Ask before deleting", { env: "DJ_SAFEMODE", default: true }),
  setting("loglevel", "string", "Least severity that is logged", {
    env: "DJ_LOG_LEVEL",
    default: "INFO",
    allowed: ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"],
  }),
  setting("query_cache", "string", "Folder of cached query results", { env: "DJ_QUERY_CACHE" }),
  setting("ignore_config_file", "boolean", "Use neither configuration file nor secrets", {
    env: "DJ_IGNORE_CONFIG_FILE",
    default: false,
  }),
  setting("display.limit", "integer", "Rows shown", { default: 12 }),
  setting("display.width", "integer", "Characters shown of a column", { default: 14 }),
  setting("display.show_tuple_count", "boolean", "Show the number of rows", { default: true }),
  setting("display.diagram_direction", "string", "Direction of diagrams", {
    env: "DJ_DIAGRAM_DIRECTION",
    default: "LR",
  }),
  setting("display.diagram_theme", "string", "Colours of diagrams", { env: "DJ_DIAGRAM_THEME", default: "auto" }),
  setting("jobs.auto_refresh", "boolean", "Refresh the jobs table", { env: "DJ_JOBS_AUTO_REFRESH", default: true }),
  setting("jobs.keep_completed", "boolean", "Keep completed jobs", { env: "DJ_JOBS_KEEP_COMPLETED", default: false }),
  setting("jobs.stale_timeout", "integer", "Seconds until a job is stale", {
    env: "DJ_JOBS_STALE_TIMEOUT",
    default: 3600,
  }),
  setting("jobs.default_priority", "integer", "Priority of a job", { env: "DJ_JOBS_DEFAULT_PRIORITY", default: 5 }),
  setting("jobs.version_method", "string", "How code versions are recorded", { env: "DJ_JOBS_VERSION_METHOD" }),
  setting("jobs.allow_new_pk_fields_in_computed_tables", "boolean", "Allow new key attributes in computed tables", {
    env: "DJ_JOBS_ALLOW_NEW_PK_FIELDS_IN_COMPUTED_TABLES",
    default: false,
  }),
  setting("jobs.add_job_metadata", "boolean", "Add job metadata columns", {
    env: "DJ_JOBS_ADD_JOB_METADATA",
    default: false,
  }),
];
