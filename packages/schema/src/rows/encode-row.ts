import { encodeChain, isPlanned } from "@mortise/core";
import { atRow, useDefault } from "@mortise/sql";
import { createEncodeContext } from "../objects/encode-context.ts";
import type { PlannedCell } from "../objects/upload.ts";
import type { ObjectWork } from "../objects/work.ts";
import type { AcceptedRow } from "./accept-row.ts";
import { locating, siteOf } from "./errors.ts";
import type { WriteColumn, WriteTarget } from "./target.ts";

/** A row as the database takes it; cells with objects are filled in by W2. */
export interface EncodedRow {
  readonly accepted: AcceptedRow;
  /** By column, bound values or `useDefault`. */
  readonly cells: unknown[];
  readonly planned: readonly PlannedCell[];
}

/** Encodes one accepted row of a table without codecs: there is nothing to wait for. */
export function encodePlainRow(target: WriteTarget, accepted: AcceptedRow): EncodedRow {
  const cells = target.columns.map((column) => plainCell(target, column, accepted.values[column.index]));
  return { accepted, cells, planned: [] };
}

function plainCell({ dialect }: WriteTarget, { attribute }: WriteColumn, value: unknown): unknown {
  return value === useDefault || value === null ? value : dialect.toDatabase(attribute.type, value);
}

/** Encodes one accepted row. Reads and hashes sources; writes nothing. */
export async function encodeRow(target: WriteTarget, accepted: AcceptedRow, work: ObjectWork): Promise<EncodedRow> {
  const cells: unknown[] = Array.from({ length: target.columns.length });
  const planned: PlannedCell[] = [];
  for (const column of target.columns) {
    const value = accepted.values[column.index];
    const { codec } = column.attribute;
    if (value === useDefault || value === null || codec === undefined) {
      cells[column.index] = plainCell(target, column, value);
      continue;
    }
    const place = siteOf(target, accepted.index, column.attribute.name);
    const { schema, className } = target.binding;
    const site = { schema, table: className, attribute: column.attribute.name, primaryKey: accepted.key };
    const context = createEncodeContext(work, site, codec.store, target.heading);
    // The value itself, or what its codec makes of it: bytes, JSON or a plan.
    const encoded = locating(place, () => encodeChain(codec, value, context));
    const stored = encoded instanceof Promise ? await encoded : encoded;
    const fill = (final: unknown): void => {
      cells[column.index] = target.dialect.toDatabase(column.attribute.type, final);
    };
    if (isPlanned(stored)) planned.push({ planned: stored, fill, explain: (error) => atRow(error, place) });
    else fill(stored);
  }
  return { accepted, cells, planned };
}
