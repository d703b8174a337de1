import { DefinitionError } from "@mortise/core";
import type { Tier } from "../context.ts";

/** What stands before the snake-case name of a table, by tier. Python reads the tier back from it. */
export const tierPrefixes: Readonly<Record<Tier, string>> = { manual: "", lookup: "#", imported: "_", computed: "__" };

/** A class name as it is used from here on, and whether it was written otherwise. */
export interface ClassName {
  readonly name: string;
  /** Set where underscores were removed: `My_Table` and `MyTable` are one table. */
  readonly warning?: string | undefined;
}

/**
 * Checks a class name: an upper-case letter, then letters and digits. Underscores are removed, with a warning, because
 * the snake-case form could not tell them from word boundaries. Throws `DefinitionError` `invalid-name`.
 */
export function checkClassName(written: string): ClassName {
  const name = written.replaceAll("_", "");
  if (!/^[A-Z][A-Za-z0-9]*$/.test(name)) {
    throw new DefinitionError(
      "invalid-name",
      `'${written}' can't name a table: expected CamelCase, an upper-case letter A–Z followed by letters and digits`,
      { table: written, hint: suggestion(written) },
    );
  }
  if (name === written) return { name };
  return { name, warning: `underscores are removed from table class names: '${written}' is '${name}'` };
}

/** The name that was probably meant, where taking the words apart gives one. */
function suggestion(written: string): string {
  const camel = classNameOf(written);
  return /^[A-Z][A-Za-z0-9]*$/.test(camel)
    ? `write '${camel}'`
    : "start with an upper-case letter, for example 'Session'";
}

/** `SessionTrial` → `session_trial`. Every capital starts a word: there is no rule for acronyms or digits. */
function snakeCase(className: string): string {
  return className.replaceAll(
    /[A-Z]/g,
    (letter, offset: number) => `${offset === 0 ? "" : "_"}${letter.toLowerCase()}`,
  );
}

/** The table of a class that has passed `checkClassName`: `RawScan`, imported → `_raw_scan`. */
export function tableNameOf(className: string, tier: Tier): string {
  return tierPrefixes[tier] + snakeCase(className);
}

/** The table of a part: `__spike_sorting`, `Unit` → `__spike_sorting__unit`. */
export function partTableNameOf(masterTable: string, partClassName: string): string {
  return `${masterTable}__${snakeCase(partClassName)}`;
}

/** The class name of any table name: the letter after each run of `_`, `#` and the like starts a word. */
export function classNameOf(tableName: string): string {
  return tableName.replaceAll(/(?:^|[_\W])+([a-zA-Z])/g, (_, letter: string) => letter.toUpperCase());
}
