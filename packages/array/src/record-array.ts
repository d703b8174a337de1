import { formatShape, type Shape } from "./shape.ts";
import { setKind } from "./value-kind.ts";

/** Anything with a shape can be a column: an `NDArray`, another `RecordArray`, characters. */
export interface Column {
  readonly shape: Shape;
}

/**
 * Records kept by column, which is what blobs do and what computing on one field wants. `shape` is the shape of the records; a column whose own shape goes on behind it
 * has a subarray in each record.
 */
export class RecordArray {
  static {
    setKind(this, "records");
  }

  readonly shape: Shape;
  /** In the order of the fields. */
  readonly fields: ReadonlyMap<string, Column>;

  /** Throws a `RangeError` where a column's shape does not begin with `shape`, by default that of the column with the fewest dimensions. */
  constructor(fields: Iterable<readonly [string, Column]>, shape?: Shape) {
    this.fields = new Map(fields);
    const columns = [...this.fields.values()];
    this.shape = shape ?? columns.map((column) => column.shape).sort((a, b) => a.length - b.length)[0] ?? [];
    for (const [name, column] of this.fields) {
      if (!this.shape.every((length, i) => column.shape[i] === length)) {
        throw new RangeError(
          `field ${JSON.stringify(name)} has shape ${formatShape(column.shape)}, but the records have ${formatShape(this.shape)}`,
        );
      }
    }
  }

  /** The column of a field; throws a `RangeError` that lists the fields there are. */
  column(name: string): Column {
    const column = this.fields.get(name);
    if (column === undefined) {
      throw new RangeError(`there is no field ${JSON.stringify(name)}, only ${[...this.fields.keys()].join(", ")}`);
    }
    return column;
  }
}
