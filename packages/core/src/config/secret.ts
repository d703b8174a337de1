const brand: unique symbol = Symbol.for("mortise.secret.v1");
const hidden = "[secret]";

/**
 * A value that no form of output shows: text, template strings, JSON and Node's `console.log` all print `[secret]`.
 * Only `reveal` unwraps it, so each use of a secret can be found by searching for one word.
 */
export class Secret {
  readonly [brand] = true;
  readonly #value: string;

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

  /** What Node's `console.log` and `util.inspect` print. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return hidden;
  }
}

/** Whether `value` is a `Secret`, also one of another copy of this package. */
export function isSecret(value: unknown): value is Secret {
  return typeof value === "object" && value !== null && (value as Partial<Secret>)[brand] === true;
}
