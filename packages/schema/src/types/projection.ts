import type { Column, KeyNames } from "./column.ts";
import type { SqlFragment } from "./restriction.ts";
import type { Flat } from "./text.ts";

/** A column to keep, or new names: of a column (renamed) or of an SQL expression (computed). */
export type ProjectionArgument<H> = (keyof H & string) | { readonly [name: string]: (keyof H & string) | SqlFragment };

/** The columns that are named to be kept. */
type Names<A> = A extends string ? A : never;
/** The objects among the arguments: new name → column or expression. */
type Mappings<A> = A extends string ? never : A;
/** All of them as one; several objects in one call are a union, of which every member counts. */
type Mapping<A> = [Mappings<A>] extends [never] ? {} : Mappings<A>;

/** The key stays, unless its columns are renamed. */
type Kept<H, Listed, Map> = (keyof H & Listed) | Exclude<KeyNames<H>, Map[keyof Map]>;

/** A renamed column keeps its type and role; a computed one is a plain value that no key can have. */
type Projected<H, Listed, Map> = Flat<
  { [N in Kept<H, Listed, Map>]: H[N & keyof H] } & {
    -readonly [N in keyof Map]: Map[N] extends keyof H
      ? H[Map[N]]
      : Map[N] extends SqlFragment<infer T>
        ? Column<T, T, "value">
        : never;
  }
>;

/** The heading of `proj(...Arguments)`. */
export type Project<H, Arguments extends readonly unknown[]> = string extends keyof H
  ? H
  : Projected<H, Names<Arguments[number]>, Mapping<Arguments[number]>>;
