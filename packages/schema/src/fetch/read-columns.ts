import type { CodecChain, CodecSite } from "@mortise/core";
import type { Dialect } from "@mortise/sql";
import type { Block, QueryColumn } from "../compile/block.ts";
import type { ProjectContext } from "../context.ts";

/** A column whose values the dialect alone can read. */
export interface PlainColumn {
  readonly name: string;
  /** Never given null. */
  readonly convert: (raw: unknown) => unknown;
}

/** `convert` gives what the innermost codec has stored. */
export interface CodecColumn extends PlainColumn {
  readonly chain: CodecChain;
  /** Resolved; undefined for values in the table. */
  readonly storeName: string | undefined;
  /** Where the value was written, whatever the query calls it; the key comes from the row. */
  readonly site: Omit<CodecSite, "primaryKey">;
}

/** How each column of a query is read. Throws `ConfigError` where a codec's store is not configured. */
export function readColumns(
  block: Block,
  dialect: Dialect,
  project: ProjectContext,
): { readonly plain: readonly PlainColumn[]; readonly coded: readonly CodecColumn[] } {
  const plain: PlainColumn[] = [];
  const coded: CodecColumn[] = [];
  for (const column of block.columns) {
    const { attribute, origin } = column;
    const read = { name: attribute.name, convert: conversion(column, dialect) };
    if (attribute.codec === undefined || origin === undefined) {
      plain.push(read);
      continue;
    }
    const { store } = attribute.codec;
    coded.push({
      ...read,
      chain: attribute.codec,
      storeName: store === undefined ? undefined : project.objects.resolveName(store),
      site: { schema: origin.binding.schema, table: origin.binding.className, attribute: origin.attribute },
    });
  }
  return { plain, coded };
}

function conversion({ attribute, origin }: QueryColumn, dialect: Dialect): (raw: unknown) => unknown {
  // A computed column has no type: values come as the driver gives them, integers as numbers where they fit.
  if (origin === undefined)
    return (raw) => (typeof raw === "bigint" && Number.isSafeInteger(Number(raw)) ? Number(raw) : raw);
  return (raw) => dialect.fromDatabase(attribute.type, raw);
}
