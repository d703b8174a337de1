export { createSqliteLedger } from "./ledger.ts";
