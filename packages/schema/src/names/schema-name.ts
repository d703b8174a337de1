import { DefinitionError } from "@mortise/core";

/**
 * Checks the name of a schema: lower-case letters, digits and `_`, not starting with a digit. Others work on some
 * databases and break part tables or the catalog on the rest. Throws `DefinitionError` `invalid-name`.
 */
export function checkSchemaName(name: string): string {
  if (!/^[a-z_][a-z0-9_]*$/.test(name)) {
    throw new DefinitionError(
      "invalid-name",
      `'${name}' can't name a schema: expected lower-case letters, digits and '_', not starting with a digit`,
      { hint: "choose another name, for example 'my_lab'" },
    );
  }
  return name;
}
