const hidden = "[secret]";

/**
 * A value that no form of output shows: text, template strings, JSON and Node's `console.log` all print `[secret]`.
 * Only `reveal` unwraps it, so each use of a secret can be found by searching for one word.
 */
export class Secret {
  /** What `isSecret` looks for: two copies of this package have two classes, and one name. */
  readonly "~mortise.secret": true = true;
  readonly #value: string;

  static {
    // What Node's `console.log` and `util.inspect` print.
    Object.defineProperty(this.prototype, Symbol.for("nodejs.util.inspect.custom"), { value: () => hidden });
  }

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself; keep it out of messages. */
  reveal(): string {
    return this.#value;
  }

  /** `[secret]`. */
  toString(): string {
    return hidden;
  }

  /** `[secret]`. */
  toJSON(): string {
    return hidden;
  }
}

/** Whether `value` is a `Secret`, also one of another copy of this package. */
export function isSecret(value: unknown): value is Secret {
  return typeof value === "object" && value !== null && (value as Partial<Secret>)["~mortise.secret"] === true;
}
