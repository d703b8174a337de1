import { ValueError } from "../errors.ts";
import type { ObjectKey } from "../keys/object-key.ts";
import { parseKey } from "../keys/parse-key.ts";
import { utf8Length } from "../keys/utf8.ts";
import type { Sections } from "../sections/contract.ts";
import { maxSegmentBytes } from "./escape.ts";
import { normalizeExtension } from "./extension.ts";
import { type KeyAttribute, keySegment } from "./key-value.ts";
import { nameSegment } from "./name-segment.ts";

/** What the path of a schema-addressed object is made of. */
export interface ObjectPathParts {
  readonly sections: Pick<Sections, "schema" | "sectionOf">;
  /** Attribute names of the store's `partition_pattern`; ignored unless all of them are in the key. */
  readonly partition?: readonly string[] | undefined;
  readonly schema: string;
  /** The class name, `Master.Part` for a part table. */
  readonly table: string;
  /** In the order of the heading; an attribute that the database fills in is left out or undefined. */
  readonly key: readonly KeyAttribute[];
  readonly field: string;
  readonly token: string;
  readonly extension?: string | null | undefined;
}

/** A key of a folder object must leave room for the names inside: half of the 1024 bytes a key may have. */
const roomyBytes = 512;
/** Tried in turn until the path is roomy; a key of a dozen long texts needs the last. */
const segmentLimits = [maxSegmentBytes, 96, 48] as const;

/**
 * `[{schema_prefix}/][p=v/…]{schema}/{Table}/[k=v/…]{field}.{token}[.{ext}]`. Throws `ValueError`: `invalid-extension`,
 * `invalid-key-value`, `invalid-name`, `outside-section`.
 */
export function objectPath(parts: ObjectPathParts): ObjectKey {
  const { sections, partition = [], schema, table, field, token } = parts;
  const key = parts.key.filter((attribute) => attribute.value !== undefined);
  const named = new Map(key.map((attribute) => [attribute.name, attribute]));
  const partitioned = partition.flatMap((name) => named.get(name) ?? []);
  const applies = partitioned.length === partition.length;
  const front = applies ? partitioned : [];
  const rest = applies ? key.filter((attribute) => !partition.includes(attribute.name)) : key;
  const file = `${nameSegment(field, "attribute")}.${token}${normalizeExtension(parts.extension) ?? ""}`;

  let path = "";
  for (const limit of segmentLimits) {
    const segment = (attribute: KeyAttribute): string => keySegment(attribute, limit);
    path = [
      ...(sections.schema === "" ? [] : [sections.schema]),
      ...front.map(segment),
      nameSegment(schema, "schema"),
      nameSegment(table, "table"),
      ...rest.map(segment),
      file,
    ].join("/");
    if (utf8Length(path) <= roomyBytes) break;
  }
  const section = sections.sectionOf(path);
  if (section === "schema") return parseKey(path, { operation: "objectPath" });
  // Only without schema_prefix: a collector would take the object for one of the other section.
  throw new ValueError("outside-section", `${path} would lie in the ${section} section of its store`, {
    hint: `Without schema_prefix no other prefix may be the name of a schema; choose another ${section}_prefix.`,
  });
}
