import type { Attribute } from "@mortise/schema";

/** What a reader has to make of a stored column (relational cases, section 7). */
export interface AttributeFacts {
  readonly type: string;
  readonly declared: string;
  readonly comment: string;
  /** `key`, `null`, `codec=blob`, `store=main`: what holds, in this order. */
  readonly flags: readonly string[];
}

/** The same of an attribute of a heading; undefined for one that is hidden. */
export function factsOf(attribute: Attribute | undefined): AttributeFacts | undefined {
  if (attribute === undefined) return undefined;
  const { type, declared, comment, inKey, nullable, codec } = attribute;
  const flags = [
    inKey ? "key" : "",
    nullable ? "null" : "",
    codec === undefined ? "" : `codec=${codec.codecs[0]?.name}`,
    codec === undefined || codec.store === undefined ? "" : `store=${codec.store}`,
  ];
  return { type: type.name, declared, comment, flags: flags.filter(Boolean) };
}
