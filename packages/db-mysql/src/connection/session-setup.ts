import { randomUUID } from "node:crypto";
import type { SessionFacts } from "./connection.ts";

const sqlMode = [
  "NO_ZERO_DATE",
  "NO_ZERO_IN_DATE",
  "ERROR_FOR_DIVISION_BY_ZERO",
  "STRICT_ALL_TABLES",
  "NO_ENGINE_SUBSTITUTION",
  "ONLY_FULL_GROUP_BY",
].join();

/** A stream may rest for so long between two batches, in seconds; the server's own 60 would end it. */
const writeTimeout = 28_800;

/** `sql_select_limit` where nobody has set it. */
const noLimit = "18446744073709551615";

/**
 * What every session says first. The mode is DataJoint's, so that no program stores what another would have refused;
 * the zone is UTC, so that CURRENT_TIMESTAMP means the same whoever writes. No query loses rows to a limit of the
 * server's, and no COMMIT begins another transaction. READ COMMITTED, so that writers who touch different rows never wait
 * for the gaps between them. Locks are waited for as long as connections are; the server's own limit for tables is a year.
 */
export function setUp(waitMs: number): readonly string[] {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  return [
    "SET NAMES utf8mb4",
    `SET SESSION autocommit = 1, time_zone = '+00:00', foreign_key_checks = 1, unique_checks = 1, lc_messages = 'en_US',
      sql_select_limit = ${noLimit}, completion_type = 0, net_write_timeout = ${writeTimeout},
      innodb_lock_wait_timeout = ${seconds}, lock_wait_timeout = ${seconds},
      sql_mode = '${sqlMode}'`,
    "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
  ];
}

/** Thread numbers begin anew when a server restarts; this lock is held by one connection only, for as long as it lives. */
export interface ConnectionId {
  readonly thread: number;
  readonly lock: string;
}

/** Unlike a number this name is taken by no other connection, not even after a restart or behind another proxy. */
export function newLockName(): string {
  return `mortise-${randomUUID()}`;
}

function formatId({ thread, lock }: ConnectionId): string {
  return `${thread} ${lock}`;
}

/** The `id` of `sessionFacts` taken apart: the thread to end, and the lock by which it is known to be the same. */
export function parseId(id: string): ConnectionId {
  const [thread = "", lock = ""] = id.split(" ");
  return { thread: Number(thread), lock };
}

/** Reads what later statements depend on. The handshake's thread number may be a proxy's; this one is the server's. */
export const readFacts = `SELECT CONNECTION_ID() AS thread, GET_LOCK(?, 0) AS locked, @@max_allowed_packet AS max_packet,
  @@innodb_rollback_on_timeout AS rolls_back`;

/** The answer to `readFacts`. */
export interface FactsRow {
  readonly thread: number;
  readonly locked: number;
  readonly max_packet: number;
  readonly rolls_back: number;
}

/** What the driver keeps of `readFacts`; `maxPacket` in bytes. */
export function sessionFacts(row: FactsRow, lock: string): SessionFacts {
  return {
    id: formatId({ thread: row.thread, lock }),
    maxPacket: row.max_packet,
    rollsBackOnTimeout: row.rolls_back === 1,
  };
}
