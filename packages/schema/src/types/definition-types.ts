import type { Attr, AttributeLine, Bad } from "./attribute-line.ts";
import type { AnyHeading, Column, RoleOf } from "./column.ts";
import type { ForeignKeyLine } from "./foreign-key-line.ts";
import type { BeforeHash, Trim } from "./text.ts";

/** An attribute may be called `index`; an index has a space or parenthesis behind the word. */
type IndexStart =
  `${"index" | "INDEX" | "Index" | "unique index" | "UNIQUE INDEX" | "Unique index"}${" " | "\t" | "("}${string}`;

/** A union of `Attr`, `Bad`, or `never` for lines that add no column. */
type Line<L extends string, References, Codecs, InKey extends boolean, Taken> = L extends "" | `#${string}`
  ? never
  : L extends `->${infer Reference}`
    ? ForeignKeyLine<BeforeHash<Reference>, References, InKey, Taken>
    : L extends IndexStart
      ? never
      : AttributeLine<L, Codecs, InKey>;

/** Names are collected beside the columns: asking the union for them at each line would be quadratic. */
type NameOf<A> = A extends Attr<infer Name> ? Name : never;

/** Of several declarations of one name the first wins, as the parser has it. */
type Fresh<A, Taken> = A extends Attr<infer Name> ? (Name extends Taken ? never : A) : A;

/**
 * Tail-recursive over the lines, so that a definition may be long; `Columns` accumulates what they add, problems
 * included. `InKey` turns false at the first line of dashes and stays so.
 */
type Parse<
  S extends string,
  References,
  Codecs,
  Columns = never,
  InKey extends boolean = true,
  Taken = never,
> = S extends `${infer First}\n${infer Rest}`
  ? Trim<First> extends infer L extends string
    ? L extends `---${string}`
      ? Parse<Rest, References, Codecs, Columns, false, Taken>
      : Fresh<Line<L, References, Codecs, InKey, Taken>, Taken> extends infer A
        ? Parse<Rest, References, Codecs, Columns | A, InKey, Taken | NameOf<A>>
        : never
    : never
  : Trim<S> extends `---${string}`
    ? Columns
    : Columns | Fresh<Line<Trim<S>, References, Codecs, InKey, Taken>, Taken>;

/**
 * The columns of a definition literal; any columns where the text is only known at run time.
 *
 * @example
 * type H = HeadingOf<"id : int32\n---\nname = '' : varchar(80)", {}, {}>;
 * // { id: Column<number, number, "key">; name: Column<string, string, "value?"> }
 */
export type HeadingOf<Definition extends string, References, Codecs> = string extends Definition
  ? AnyHeading
  : Extract<Parse<Definition, References, Codecs>, Attr> extends infer A extends Attr
    ? { [P in A as P["n"]]: Column<P["f"], P["i"], RoleOf<P["k"], P["o"]>> }
    : never;

/** The definition itself where it is right; else a type whose only property says what is wrong. */
export type Checked<Definition extends string, References, Codecs> = string extends Definition
  ? Definition
  : Extract<Parse<Definition, References, Codecs>, Bad<string>> extends infer B
    ? [B] extends [never]
      ? Definition
      : B extends Bad<infer Message>
        ? { readonly "definition error": Message }
        : never
    : never;
