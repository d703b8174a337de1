type Space = " " | "\t" | "\r";

/** Without white space at the start. Eight blanks at a time first: indentation is deep and the recursion is counted. */
export type TrimStart<S extends string> = S extends `        ${infer Rest}`
  ? TrimStart<Rest>
  : S extends `${Space}${infer Rest}`
    ? TrimStart<Rest>
    : S;

/** Without white space at the end. */
export type TrimEnd<S extends string> = S extends `${infer Rest}        `
  ? TrimEnd<Rest>
  : S extends `${infer Rest}${Space}`
    ? TrimEnd<Rest>
    : S;

/** Without white space at both ends. Line ends don't occur: text is split at them first. */
export type Trim<S extends string> = TrimEnd<TrimStart<S>>;

/** The part before a comment. */
export type BeforeHash<S extends string> = S extends `${infer Text}#${string}` ? Trim<Text> : Trim<S>;

/** What a name may begin with. */
export type LowerLetter =
  | "a"
  | "b"
  | "c"
  | "d"
  | "e"
  | "f"
  | "g"
  | "h"
  | "i"
  | "j"
  | "k"
  | "l"
  | "m"
  | "n"
  | "o"
  | "p"
  | "q"
  | "r"
  | "s"
  | "t"
  | "u"
  | "v"
  | "w"
  | "x"
  | "y"
  | "z";

/** The object type written out flat, so that editors show columns and not an intersection. */
export type Flat<T> = { [K in keyof T]: T[K] } & {};
