import type * as compiler from "../compile/index.ts";

/** What turns queries into SQL. */
export type Compiler = typeof compiler;

let loaded: Compiler | undefined;

/** Loads the compiler, and Kysely with it, when the first query of the process runs. */
export async function loadCompiler(): Promise<Compiler> {
  loaded ??= await import("../compile/index.ts");
  return loaded;
}
