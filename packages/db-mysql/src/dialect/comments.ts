import { DefinitionError } from "@mortise/core";
import { type ColumnSpec, countCharacters, formatComment, type TableSpec } from "@mortise/sql";
import { fitsCatalog, quoteText } from "./quote-text.ts";

/** Characters that the servers keep (https://dev.mysql.com/doc/refman/8.4/en/create-table.html). */
const maxColumnComment = 1024;
const maxTableComment = 2048;

/** ` COMMENT '…'` of a column with its marker; empty where there is nothing to keep. */
export function columnComment({ name, marker, comment }: ColumnSpec): string {
  const text = formatComment(marker, comment);
  if (text === "") return "";
  check(text, maxColumnComment, `the comment of '${name}'${marker === undefined ? "" : `, with its type ${marker},`}`);
  return ` COMMENT ${quoteText(text)}`;
}

/** ` COMMENT='…'` of a table; empty where there is none. */
export function tableComment({ name, comment }: TableSpec): string {
  if (comment === "") return "";
  check(comment, maxTableComment, `the comment of '${name}'`);
  return ` COMMENT=${quoteText(comment)}`;
}

/** What the servers would refuse or, worse, change. */
function check(text: string, limit: number, what: string): void {
  const length = countCharacters(text);
  if (length > limit) {
    throw problem(`${what} has ${length} characters, MySQL keeps ${limit}`, "shorten it, or the list of an enum");
  }
  if (/[\0\n]/.test(text)) {
    throw problem(`${what} has a line break or NUL in it`, "a comment is one line");
  }
  if (!text.isWellFormed() || !fitsCatalog(text)) {
    throw problem(
      `${what} has characters that MySQL keeps as "?" in comments: ${JSON.stringify(text.slice(0, 60))}`,
      "characters beyond U+FFFF, such as emoji, can stand in rows but not in comments or enum values",
    );
  }
}

function problem(message: string, hint: string): DefinitionError {
  return new DefinitionError("invalid-comment", message, { hint });
}
