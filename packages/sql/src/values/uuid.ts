import { describe, refuse } from "../errors.ts";

const canonical = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Any text form of a UUID (upper case, without hyphens, in braces, as `urn:uuid:`) as lower case with hyphens. */
export function acceptUuid(value: unknown): string {
  if (typeof value !== "string") {
    throw refuse("wrong-type", `uuid expects text, got ${describe(value)}`, "crypto.randomUUID() makes one");
  }
  if (canonical.test(value)) return value;
  const hex = value
    .toLowerCase()
    .replace(/^urn:uuid:/, "")
    .replace(/^\{(.*)\}$/, "$1")
    .replaceAll("-", "");
  if (!/^[0-9a-f]{32}$/.test(hex)) {
    throw refuse("malformed", `not a uuid: ${describe(value)}`, "a uuid has 32 hexadecimal digits");
  }
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
