import { statementBegins } from "../driver/transaction-control.ts";

const reading = /(?:select|values|with|table|show|explain|desc|describe)\b/iy;

/** Words with which a statement that begins like a read writes, locks, or asks for the next number. */
const writing =
  /\b(?:insert|update|delete|merge|replace|into|for\s+(?:no\s+key\s+update|share|key\s+share)|lock|call|do|copy|truncate|create|drop|alter)\b|:=/i;

/** Functions that change nothing. Anything else followed by a parenthesis might be the user's own, and write. */
const harmless: ReadonlySet<string> = new Set(
  (
    "select from where and or not in exists on using as by over values with union except intersect all any some limit " +
    "between like is when then else case distinct having join partition filter within group recursive materialized lateral " +
    "count sum avg min max coalesce nullif cast convert ifnull if greatest least abs round floor ceil ceiling mod power sqrt " +
    "concat concat_ws lower upper length char_length octet_length substring substr left right trim ltrim rtrim lpad rpad " +
    "position locate instr hex unhex encode decode md5 sha2 sha256 to_char to_json to_jsonb extract date_trunc now " +
    "current_timestamp clock_timestamp utc_timestamp date time timestamp year month day row row_number rank dense_rank lag " +
    "lead first_value last_value ntile json_value json_extract json_unquote json_type json_valid json_contains json_length " +
    "json_object json_array json_arrayagg json_objectagg jsonb_typeof jsonb_path_query_first jsonb_extract_path " +
    "jsonb_extract_path_text json_extract_path_text json_agg jsonb_agg json_build_object jsonb_build_object array array_agg " +
    "array_length cardinality unnest generate_series generate_subscripts group_concat string_agg bool_and bool_or stddev " +
    "variance char varchar decimal numeric binary varbinary bit character float double interval format_type pg_get_expr " +
    "pg_get_indexdef pg_get_constraintdef obj_description col_description to_regclass quote_ident database schema version " +
    "current_schema current_database current_user connection_id pg_backend_pid"
  ).split(" "),
);

/**
 * Whether running the statement twice is the same as once: it may be sent again after a lost connection. Judged by its
 * words, and doubtful ones don't count as reading.
 */
export function onlyReads(text: string): boolean {
  if (!statementBegins(text, reading) || writing.test(text)) return false;
  for (const [, name = ""] of text.matchAll(/([\p{L}_$][\p{L}\d_$]*)["`]?\s*\(/giu)) {
    if (!harmless.has(name.toLowerCase())) return false;
  }
  return true;
}

const query = /(?:select|values|table|show)\b/iy;

/** Whether the rows are all that matters: what a SELECT does besides has no worth of its own. */
export function returnsRows(text: string): boolean {
  return statementBegins(text, query);
}

/** First words of statements that leave nothing behind on their connection. */
const stateless =
  /(?:select|values|with|table|show|explain|desc|describe|insert|update|delete|replace|merge|truncate|alter|comment|grant|revoke|analyze|optimize|vacuum|reindex|savepoint|release|rollback|create(?!\s+(?:or\s+replace\s+)?(?:local\s+|global\s+)?temp)|drop|set\s+(?:local|transaction|constraints))\b/iy;

/** The usual writes: long texts that need no second look. */
const plainWrite = /(?:insert|update|delete|replace)\b/iy;

/** What takes locks or changes settings for as long as the connection lives, wherever it stands in a statement. */
const lasting =
  /\b(?:get_lock|pg_(?:try_)?advisory_lock(?:_shared)?|set_config(?!\s*\([^()]*,\s*true\s*\))|into\s+(?:(?:local|global)\s+)?temp(?:orary)?)\b/i;

/** Whether the connection may not be somebody else's after this statement. */
export function leavesTraces(text: string): boolean {
  if (statementBegins(text, plainWrite)) return false;
  return !statementBegins(text, stateless) || lasting.test(text);
}
