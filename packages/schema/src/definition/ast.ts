import type { CodecSpec, DefinitionPosition } from "@mortise/core";
import type { ColumnDefault, ColumnType } from "@mortise/sql";

/** A definition as parsed: no references resolved, no database asked. */
export interface TableDefinition {
  /** The text as given. */
  readonly text: string;
  readonly comment: string;
  /** In order; foreign keys stand at the place of their line. */
  readonly items: readonly DefinitionItem[];
}

/** A line that says something, in the order of the text. */
export type DefinitionItem = AttributeLine | ForeignKeyLine | IndexLine;

/** `name [= default] : type [# comment]`. */
export interface AttributeLine {
  readonly kind: "attribute";
  readonly position: DefinitionPosition;
  readonly name: string;
  readonly inKey: boolean;
  /** Exactly one of `type` and `codec`. */
  readonly type?: ColumnType | undefined;
  readonly codec?: CodecSpec | undefined;
  /** Verbatim, for the marker. */
  readonly typeText: string;
  readonly default?: ColumnDefault | undefined;
  readonly nullable: boolean;
  readonly comment: string;
}

/** `-> [options] Table[.proj(new='old')]`. */
export interface ForeignKeyLine {
  readonly kind: "foreign-key";
  readonly position: DefinitionPosition;
  readonly inKey: boolean;
  readonly nullable: boolean;
  readonly unique: boolean;
  /** `Session`, `Session.Trial` or `master`. */
  readonly reference: string;
  /** New name → name in the parent. */
  readonly renames: Readonly<Record<string, string>>;
}

/** `[unique] index (a, b)`. */
export interface IndexLine {
  readonly kind: "index";
  readonly position: DefinitionPosition;
  readonly unique: boolean;
  /** As written between the parentheses, split at top-level commas. */
  readonly items: readonly string[];
}
