export { createMysqlLedger } from "./ledger.ts";
