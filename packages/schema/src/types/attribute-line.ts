import type { CodecColumn } from "./codec-types.ts";
import type { BeforeHash, LowerLetter, Trim, TrimEnd, TrimStart } from "./text.ts";
import type { CoreTypes, DecimalValues, EnumValues, NativeValues, TextValues, ValueTypes } from "./value-types.ts";

/**
 * One column on its way through the parser. A union of these is accumulated, never an intersection of object types:
 * the intersection costs ten times the instantiations.
 */
export interface Attr<
  Name extends string = string,
  Fetch = unknown,
  Insert = unknown,
  InKey extends boolean = boolean,
  Optional extends boolean = boolean,
> {
  readonly n: Name;
  readonly f: Fetch;
  readonly i: Insert;
  readonly k: InKey;
  readonly o: Optional;
}

declare const problem: unique symbol;

/** A line that can't be read, with what is wrong. */
export interface Bad<Message extends string> {
  readonly [problem]: Message;
}

/** The values of `enum('a',"b")`, from behind the opening parenthesis. */
type QuotedList<S extends string, Values = never> =
  TrimStart<S> extends `'${infer Value}'${infer Rest}`
    ? QuotedNext<Rest, Values | Value>
    : TrimStart<S> extends `"${infer Value}"${infer Rest}`
      ? QuotedNext<Rest, Values | Value>
      : Values;
/** After a value: another one, or the end. Whether the list is closed is left to the parser, which says it better. */
type QuotedNext<S extends string, Values> = TrimStart<S> extends `,${infer Rest}` ? QuotedList<Rest, Values> : Values;

/** The value types of a type text that still has its comment, or a message. */
type ValueOf<T extends string, Codecs> = T extends `<${infer Spec}>${string}`
  ? CodecColumn<Trim<Spec extends `${infer Name}@${string}` ? Name : Spec>, Codecs>
  : T extends `enum${infer Rest}`
    ? Rest extends `(${infer List}`
      ? EnumValues<QuotedList<List>>
      : "enum needs values: enum('a', 'b')"
    : WordValues<BeforeHash<T>>;

/**
 * The value types of a type without brackets. Parameters are matched loosely (`decimal(${number},…`): the parser checks
 * them, and every alternative here is paid for by each attribute of each table.
 */
type WordValues<T extends string> = T extends keyof CoreTypes
  ? CoreTypes[T]
  : T extends `varchar(${number})` | `char(${number})`
    ? TextValues
    : T extends `decimal(${number},${string}`
      ? DecimalValues
      : T extends `datetime(${number})`
        ? CoreTypes["datetime"]
        : T extends ""
          ? "the type is missing"
          : T extends (`${infer Word}(${string}` | `${infer Word} ${string}`) | (infer Word extends string)
            ? [NativeValues<Word>] extends [never]
              ? `unknown type '${T}'`
              : NativeValues<Word>
            : never;

/** What is wrong with a name; `never` for a good one. Digits and signs inside it are the parser's. */
type NameProblem<N extends string> = N extends `_${string}`
  ? "names that start with '_' are reserved for hidden columns"
  : N extends `${infer First}${string}`
    ? First extends LowerLetter
      ? N extends Lowercase<N>
        ? never
        : "names are lower case: letters, digits and '_'"
      : "a name starts with a lower-case letter"
    : "the name is missing";

/** Adds name, default and place to the value types. `Default` is undefined where there is none. */
type NewAttr<N extends string, V, Default, InKey extends boolean> = [NameProblem<N>] extends [never]
  ? V extends string
    ? Bad<`${N}: ${V}`>
    : V extends ValueTypes
      ? InKey extends true
        ? V extends { readonly keyless: true }
          ? Bad<`${N}: json, bytes and codec columns can't be part of the key`>
          : WithDefault<N, V, Default, InKey>
        : WithDefault<N, V, Default, InKey>
      : never
  : Bad<`${N}: ${NameProblem<N>}`>;

/** A default makes the column optional on insert, and `null` makes it nullable. */
type WithDefault<N extends string, V extends ValueTypes, Default, InKey extends boolean> = Default extends string
  ? Lowercase<Default> extends "null"
    ? InKey extends true
      ? Bad<`${N}: a key attribute can't be nullable`>
      : Attr<N, V["fetch"] | null, V["insert"] | null, InKey, true>
    : Attr<N, V["fetch"], V["insert"], InKey, true>
  : Attr<N, V["fetch"], V["insert"], InKey, false>;

/**
 * `name [= default] : type [# comment]`, trimmed: a union of `Attr` or `Bad`. The first colon ends the name or the
 * default; only quoted defaults may have colons inside, and take a longer way.
 */
export type AttributeLine<L extends string, Codecs, InKey extends boolean> = L extends `${infer Head}:${infer Type}`
  ? Head extends `${infer Name}=${infer Default}`
    ? TrimStart<Default> extends `"${string}` | `'${string}`
      ? L extends `${string}=${infer FromDefault}`
        ? QuotedDefault<Trim<Name>, TrimStart<FromDefault>, Codecs, InKey>
        : never
      : NewAttr<Trim<Name>, ValueOf<TrimStart<Type>, Codecs>, Trim<Default>, InKey>
    : NewAttr<TrimEnd<Head>, ValueOf<TrimStart<Type>, Codecs>, undefined, InKey>
  : Bad<`cannot read line '${L}': expected 'name : type'`>;

/** A default may contain `:` inside its quotes, so it is read from its start. */
type QuotedDefault<N extends string, D extends string, Codecs, InKey extends boolean> = D extends
  | `"${infer Text}"${infer Rest}`
  | `'${infer Text}'${infer Rest}`
  ? TrimStart<Rest> extends `:${infer Type}`
    ? NewAttr<N, ValueOf<TrimStart<Type>, Codecs>, `"${Text}"`, InKey>
    : TrimStart<Rest> extends `'${infer More}`
      ? QuotedDefault<N, `'${More}`, Codecs, InKey>
      : Bad<`${N}: expected ':' after the default`>
  : Bad<`${N}: the default has no closing quote`>;
