import { ValueError } from "../errors.ts";

const pattern = /^\.?[A-Za-z0-9][A-Za-z0-9._+-]{0,31}$/;

/**
 * An extension with its leading dot; null where there is none (`null`, `undefined`, `""`). Throws `ValueError` of code
 * `invalid-extension` for anything that could be more than an extension.
 */
export function normalizeExtension(extension: string | null | undefined): string | null {
  if (extension === null || extension === undefined || extension === "") return null;
  if (typeof extension === "string" && pattern.test(extension)) {
    return extension.startsWith(".") ? extension : `.${extension}`;
  }
  throw new ValueError("invalid-extension", `${JSON.stringify(extension)} is no file extension`, {
    hint: 'An extension is like ".tar.gz": at most 32 letters, digits, ".", "_", "+" and "-", a letter or digit first.',
  });
}

/** The last suffix of a file's name, with its dot; null for `noext`, `.hidden` and what could not be an extension. */
export function extensionOf(fileName: string): string | null {
  const dot = fileName.lastIndexOf(".");
  if (dot <= 0 || /^\.+$/.test(fileName.slice(0, dot))) return null;
  const suffix = fileName.slice(dot);
  return pattern.test(suffix) ? suffix : null;
}
