import { setKind } from "@mortise/array";

/**
 * A dict that no `Map` can hold: one that repeats a key (of which Python keeps the last), or has several NaN keys.
 * Written again as it is.
 */
export class RawDict {
  static {
    setKind(this, "dict");
  }

  readonly entries: readonly (readonly [unknown, unknown])[];

  constructor(entries: readonly (readonly [unknown, unknown])[]) {
    this.entries = entries;
  }
}

/** A set that no `Set` can hold, because members are repeated in the file. Written again as it is. */
export class RawSet {
  static {
    setKind(this, "set");
  }

  readonly members: readonly unknown[];

  constructor(members: readonly unknown[]) {
    this.members = members;
  }
}
