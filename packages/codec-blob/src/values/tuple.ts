import { setKind } from "@mortise/array";

/** Python's tuple: a sequence that is not a list. Frozen, so that it can be a key. */
export class Tuple<Item = unknown> implements Iterable<Item> {
  static {
    setKind(this, "tuple");
  }

  readonly items: readonly Item[];

  /** Takes over the list and freezes it. */
  constructor(items: Item[]) {
    this.items = Object.freeze(items);
    Object.freeze(this);
  }

  get length(): number {
    return this.items.length;
  }

  [Symbol.iterator](): Iterator<Item> {
    return this.items[Symbol.iterator]();
  }
}
