import type { CodecChain } from "@mortise/core";
import type { ColumnDefault, ColumnType } from "@mortise/sql";

/** One column as queries and inserts see it. */
export interface Attribute {
  readonly name: string;
  /** The column's own type; for a codec attribute the final type of its chain. */
  readonly type: ColumnType;
  /** The type as declared: `int32`, `<blob@raw>`; for native columns the database's own. */
  readonly declared: string;
  /** Set for codec attributes. `unknownCodec` instead where the codec is not registered. */
  readonly codec?: CodecChain | undefined;
  /** Name of a codec that is not registered: the raw stored value is fetched, inserting it is an error. */
  readonly unknownCodec?: string | undefined;
  readonly inKey: boolean;
  readonly nullable: boolean;
  readonly default?: ColumnDefault | undefined;
  readonly autoIncrement: boolean;
  readonly comment: string;
  /** `schema.table.attribute` where the attribute was first declared; undefined for own secondary attributes. */
  readonly lineage?: string | undefined;
}

/** The visible attributes of a table or query, in order. Immutable. */
export interface Heading {
  readonly attributes: readonly Attribute[];
  readonly byName: ReadonlyMap<string, Attribute>;
  /** Names in key order. */
  readonly primaryKey: readonly string[];
  /** False where the schema keeps no `~lineage`: names are then matched without a check. */
  readonly hasLineage: boolean;
}
