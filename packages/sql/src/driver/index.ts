/** What database packages share whatever their database: statements, turns and Kysely's driver. Loads Kysely. */
export { type CommentStyle, skipBlanks } from "./blanks.ts";
export { createKyselyDialect, type KyselyHost, type KyselyPieces } from "./kysely-driver.ts";
export { defaultWaitMs, Permits, type WaitOptions } from "./permits.ts";
export { readyStatement, type StatementText, statementCompiler } from "./statement.ts";
export { refuseSavepoints, refuseTransactionControl, statementBegins } from "./transaction-control.ts";
export { Turns } from "./turns.ts";
