import { isMortiseError, parseCodecSpec, type Registry, resolveCodecChain } from "@mortise/core";
import { type ColumnSpec, isAutoIncrement, isHidden, type LineageRow, type TableSpec } from "@mortise/sql";
import { createHeading } from "./create.ts";
import type { Attribute, Heading } from "./heading.ts";

/**
 * The heading of a table in the database. A codec that is not registered does not close the table: its attribute
 * becomes a placeholder (`unknownCodec`) and the others stay usable.
 */
export function headingFromSpec(
  spec: TableSpec,
  lineage: readonly LineageRow[] | undefined,
  registry: Registry,
): Heading {
  const origins = new Map(
    (lineage ?? []).filter(({ table }) => table === spec.name).map((row) => [row.attribute, row.lineage]),
  );
  const key = new Set(spec.primaryKey);
  const attributes = spec.columns
    .filter(({ name }) => !isHidden(name))
    .map(
      (column): Attribute => ({
        name: column.name,
        type: column.type,
        declared: column.marker ?? column.type.text,
        ...codecOf(column, registry),
        inKey: key.has(column.name),
        nullable: column.nullable,
        ...(column.default === undefined ? {} : { default: column.default }),
        autoIncrement: isAutoIncrement(column.type),
        comment: column.comment,
        lineage: origins.get(column.name),
      }),
    );
  const primaryKey = spec.primaryKey.filter((name) => !isHidden(name));
  return createHeading(attributes, primaryKey, lineage !== undefined);
}

/**
 * Markers are read leniently: what another program has written must not keep this one from the other attributes. A
 * codec that is known but can't be followed, because one further inside is missing, is unknown as a whole.
 */
function codecOf({ marker }: ColumnSpec, registry: Registry): Pick<Attribute, "codec" | "unknownCodec"> {
  if (marker?.startsWith("<") !== true) return {};
  let wanted = marker;
  try {
    const spec = parseCodecSpec(marker, { lenient: true });
    const codec = resolveCodecChain(spec, (name) => {
      wanted = name;
      return registry.codec(name);
    });
    return { codec };
  } catch (error) {
    if (!isMortiseError(error)) throw error;
    return { unknownCodec: wanted };
  }
}
