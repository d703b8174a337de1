/** Names that a path may have as they are; every other byte is percent-encoded, as the SDK does it. */
const plain = /^[\w.~/-]*$/;

/** A blob's name as it goes into a path. */
export function encodeName(name: string): string {
  return plain.test(name) ? name : encodeURIComponent(name).replaceAll("%2F", "/").replaceAll("'", "%27");
}

/** A query of decoded pairs, in their order. */
export function encodeQuery(query: readonly (readonly [name: string, value: string])[]): string {
  return query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
}
