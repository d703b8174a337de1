import type { QueryNode } from "../query/node.ts";
import type { Block } from "./block.ts";
import type { Environment } from "./environment.ts";

/** Compiles an operand. Handed to the compilers of the single nodes, which would otherwise import in a circle. */
export type Compile = (node: QueryNode, env: Environment) => Block;
