/** What `encodeURIComponent` leaves as it is, and S3 signs encoded (RFC 3986 §2.3 is the list of characters that stay). */
const left = /[!'()*]/g;
const plain = /^[A-Za-z0-9\-_.~/]*$/;

function hex(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** One part of a query or of a header, percent-encoded as SigV4 wants it; a slash too. */
export function encodePart(text: string): string {
  return encodeURIComponent(text).replace(left, hex);
}

/** An object's name as it stands in a path: encoded once, slashes kept. Most names need one look and no work. */
export function encodeName(name: string): string {
  if (plain.test(name)) return name;
  return encodeURIComponent(name).replace(left, hex).replaceAll("%2F", "/");
}

/** Names and keys of an answer to `encoding-type=url`: some servers write a blank as `+`, and a plus as `%2B`. */
export function decodeListed(text: string): string {
  return decodeURIComponent(text.replaceAll("+", "%20"));
}
