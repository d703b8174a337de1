import type { Attr, Bad } from "./attribute-line.ts";
import type { Column, Relation } from "./column.ts";
import type { Trim } from "./text.ts";

/** `new='old', …` as a map from old to new names. */
type Renames<S extends string, Map = {}> =
  Trim<S> extends `${infer New}=${infer Rest}`
    ? Trim<Rest> extends `'${infer Old}'${infer More}` | `"${infer Old}"${infer More}`
      ? Trim<More> extends `,${infer Next}`
        ? Renames<Next, Map & { [P in Old]: Trim<New> }>
        : Map & { [P in Old]: Trim<New> }
      : Map
    : Map;

/** The parent's key columns under their new names, without those that are already there. */
type KeyColumns<H, Map, InKey extends boolean, Nullable extends boolean, Taken> = {
  [N in keyof H]: H[N] extends Column<infer Fetch, infer Insert, "key" | "key?">
    ? (N extends keyof Map ? Map[N] & string : N & string) extends infer New extends string
      ? New extends Taken
        ? never
        : Attr<
            New,
            Nullable extends true ? Fetch | null : Fetch,
            Nullable extends true ? Insert | null : Insert,
            InKey,
            Nullable
          >
      : never
    : never;
}[keyof H];

/** `Session.Trial` may be a key of the third argument, or a property of one of its tables. */
type Find<Name extends string, References> = Name extends keyof References
  ? References[Name]
  : Name extends `${infer Outer}.${infer Inner}`
    ? Outer extends keyof References
      ? Inner extends keyof References[Outer]
        ? References[Outer][Inner]
        : never
      : never
    : never;

/** What stands behind `->`, without its comment. */
export type ForeignKeyLine<
  L extends string,
  References,
  InKey extends boolean,
  Taken,
> = L extends `[${infer Options}]${infer Rest}`
  ? Reference<Trim<Rest>, Lowercase<Options>, References, InKey, Taken>
  : Reference<L, "", References, InKey, Taken>;

/** The table by its name as written, then without `.proj(…)`: the frequent case costs one look-up. */
type Reference<
  L extends string,
  Options extends string,
  References,
  InKey extends boolean,
  Taken,
> = L extends keyof References
  ? Parent<L, References[L], {}, Options, InKey, Taken>
  : L extends `${infer Name}.proj(${infer List}`
    ? Parent<Name, Find<Name, References>, Renames<List>, Options, InKey, Taken>
    : Parent<L, Find<L, References>, {}, Options, InKey, Taken>;

/** The parent's key, or what is wrong with the reference. */
type Parent<Name extends string, Table, Map, Options extends string, InKey extends boolean, Taken> = [Table] extends [
  never,
]
  ? Bad<`-> ${Name}: pass the table in the third argument, { ${Name} }`>
  : Table extends Relation<infer H>
    ? Options extends `${string}nullable${string}`
      ? InKey extends true
        ? Bad<`-> ${Name}: a foreign key in the key can't be nullable`>
        : KeyColumns<H, Map, InKey, true, Taken>
      : KeyColumns<H, Map, InKey, false, Taken>
    : Bad<`-> ${Name}: the third argument's ${Name} is not a table`>;
