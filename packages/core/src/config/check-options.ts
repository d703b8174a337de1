import { ValueError } from "../errors.ts";
import { didYouMean } from "./suggest.ts";

/**
 * Refuses names that are no options of `what`. The types do so in TypeScript; in plain JavaScript a misspelt option
 * would be ignored without a word. Throws `ValueError` `unknown-option`.
 */
export function checkOptions<T extends object>(
  what: string,
  options: T | undefined,
  allowed: readonly (keyof T & string)[],
): void {
  for (const name in options) {
    if ((allowed as readonly string[]).includes(name)) continue;
    throw new ValueError("unknown-option", `${what} has no option "${name}"`, { hint: didYouMean(name, allowed) });
  }
}
