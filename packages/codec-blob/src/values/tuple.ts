import { setKind } from "@mortise/array";

/**
 * Python's tuple: a sequence that is not a list. Frozen, so that it can be a key; as everywhere in JavaScript, a `Map` finds it
 * by identity only (`canonicalKey` gives a text to look it up by).
 *
 * @example pack({ size: new Tuple([640, 480]) }) // {'size': (640, 480)} in Python
 */
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
