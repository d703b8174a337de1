/**
 * User metadata as headers. The service takes names that are identifiers of C# and does not tell upper from lower case in
 * them; HTTP takes values of printable ASCII and strips blanks around them. What does not fit is encoded so that it comes
 * back unchanged, and what other programs wrote comes back as they wrote it.
 */

const headerPrefix = "x-ms-meta-";
const plainName = /^[a-z_][a-z0-9_]*$/;
const escaped = /_x([0-9a-f]{4})_/g;
const plainValue = /^[!-~](?:[ -~]*[!-~])?$/;
const encodedWord = /^=\?utf-8\?b\?([A-Za-z0-9+/]*={0,2})\?=$/i;

/** Adds the headers of `metadata`. */
export function addMetadata(
  headers: Record<string, string>,
  metadata: Readonly<Record<string, string>> | undefined,
): void {
  for (const name in metadata)
    headers[headerPrefix + encodeMetadataName(name)] = encodeMetadataValue(metadata[name] ?? "");
}

/** The metadata of an answer; undefined for none. */
export function readMetadata(
  headers: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> | undefined {
  let found: [name: string, value: string][] | undefined;
  for (const header in headers) {
    if (!header.startsWith(headerPrefix)) continue;
    const name = decodeMetadataName(header.slice(headerPrefix.length));
    (found ??= []).push([name, decodeMetadataValue(headers[header] ?? "")]);
  }
  return found === undefined ? undefined : Object.fromEntries(found);
}

/** `hash-md5` becomes `hash_x002d_md5`, as .NET's `XmlConvert` does it. */
export function encodeMetadataName(name: string): string {
  if (plainName.test(name) && !name.includes("_x")) return name;
  return name
    .replaceAll(/_(?=x)/g, escapeUnit)
    .replaceAll(/[^a-z0-9_]/g, escapeUnit)
    .replace(/^[0-9]/, escapeUnit);
}

export function decodeMetadataName(name: string): string {
  return name.replaceAll(escaped, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** Printable ASCII stays; the rest becomes an encoded word of RFC 2047. */
export function encodeMetadataValue(value: string): string {
  if (plainValue.test(value) && !encodedWord.test(value)) return value;
  return `=?UTF-8?B?${Buffer.from(value).toString("base64")}?=`;
}

function decodeMetadataValue(value: string): string {
  const code = encodedWord.exec(value)?.[1];
  return code === undefined ? value : Buffer.from(code, "base64").toString();
}

function escapeUnit(unit: string): string {
  return `_x${unit.charCodeAt(0).toString(16).padStart(4, "0")}_`;
}
