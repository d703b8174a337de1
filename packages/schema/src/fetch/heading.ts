import type { Heading } from "../heading/heading.ts";
import type { QueryNode } from "../query/node.ts";
import { openRead } from "./open-read.ts";

/** The columns of a query. */
export async function readHeading(node: QueryNode): Promise<Heading> {
  if (node.kind === "table") return node.binding.heading();
  const read = await openRead(node);
  return read.compiler.headingOf(read.block);
}
