export type * from "./catalog.ts";
export { compareSpecs } from "./compare/compare-specs.ts";
export { isHidden } from "./compare/hidden.ts";
export { sameType } from "./compare/same-type.ts";
export type * from "./database.ts";
export { currentTimestampDigits, defaultProblem, literalDefault } from "./defaults/check.ts";
export * from "./dialect.ts";
export { atRow, type ValueCode } from "./errors.ts";
export { executeAll } from "./execute-all.ts";
export {
  below,
  type DependencyGraph,
  dependentsOf,
  foreignKeysBelow,
  type GraphTable,
  tableKey,
} from "./graph/graph.ts";
export { lineageOf, type ParentLineage } from "./graph/lineage.ts";
export { supportIndexes } from "./graph/support-indexes.ts";
export type * from "./ledger/contract.ts";
export * from "./ledger/identifiers.ts";
export { hashesAsJson, intentsAsJson } from "./ledger/json-lists.ts";
export { databaseIdOf, ledgerFormat } from "./ledger/meta.ts";
export { decideCommit, type OutcomeQuestion } from "./ledger/outcome.ts";
export { keepStoreId, readStoreId } from "./ledger/store-ids.ts";
export { isConflict, ledgerTransaction } from "./ledger/transaction.ts";
export type * from "./plugin.ts";
export { type ServerOptions, serverKeys } from "./server/options.ts";
export type * from "./table-spec.ts";
export { formatComment, type MarkedComment, parseComment } from "./text/comment.ts";
export { quoteLiteral, quoteName } from "./text/quote.ts";
export { sqlWords } from "./text/words.ts";
export type * from "./types/column-type.ts";
export { isAutoIncrement, type NativeFamily, nativeFamily, needsBigint, withoutNumbering } from "./types/native.ts";
export { type ParsedType, type ParseTypeOptions, parseColumnType, type TypeProblem } from "./types/parse.ts";
export { type Acceptor, acceptValue, createAcceptor, type ValueTraits } from "./values/accept.ts";
export { parseDecimalText } from "./values/decimal.ts";
export { integerRanges } from "./values/integer.ts";
export { timestampDigits } from "./values/native.ts";
export { parseJson } from "./values/parse-json.ts";
export { countCharacters } from "./values/text.ts";
