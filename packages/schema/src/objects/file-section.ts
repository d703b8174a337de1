import { type FileSection, isKey, keyProblem, type ObjectStore, pathInStore, ValueError } from "@mortise/core";
import { containedRead } from "./contained-read.ts";
import type { StoreLayout } from "./store-access.ts";

/** Whether a key is the user's to manage: outside the reserved sections and inside `filepath_prefix`. */
export function isUserKey(layout: StoreLayout, key: string): boolean {
  const { sections } = layout;
  if (sections.sectionOf(key) !== "filepath") return false;
  return sections.filepath === undefined || key.startsWith(`${sections.filepath}/`);
}

/**
 * A path, absolute path or URL as a key of the user-managed section. Throws `ValueError`: `invalid-path`,
 * `reserved-path`, `outside-prefix`, `outside-store`.
 */
export function resolveUserPath(
  layout: StoreLayout,
  store: Pick<ObjectStore, "protocol" | "baseUrl">,
  path: string,
): string {
  const shown = JSON.stringify(path);
  const relative = pathInStore(specOf(layout, store), path);
  const segments = relative.split("/").filter((segment) => segment !== "" && segment !== ".");
  const key = segments.join("/");
  if (!isKey(key)) {
    throw new ValueError("invalid-path", `${shown} can't be a path in store "${layout.name}": ${keyProblem(key)}`, {
      hint: 'write a path relative to the store, for example "raw/session-1.bin"',
    });
  }
  const section = layout.sections.sectionOf(key);
  if (section !== "filepath") {
    throw new ValueError(
      "reserved-path",
      `${shown} can't be used: it lies in the reserved section "${sectionPrefix(layout, section)}" of store "${layout.name}"`,
      { hint: "Mortise manages the files there; keep your own outside of it" },
    );
  }
  if (!isUserKey(layout, key)) {
    throw new ValueError(
      "outside-prefix",
      `${shown} can't be used: paths in store "${layout.name}" must use prefix "${layout.sections.filepath}"`,
      { hint: `move the file to ${layout.sections.filepath}/ or change filepath_prefix` },
    );
  }
  return key;
}

/** What `<filepath@>` sees of a store. */
export function createFileSection(layout: StoreLayout, store: ObjectStore): FileSection {
  const { filepath } = layout.sections;
  return {
    store: layout.name,
    resolve: (path) => resolveUserPath(layout, store, path),
    objects: containedRead(store, {
      allows: (key) => isUserKey(layout, key),
      listPrefix: filepath === undefined ? "" : `${filepath}/`,
      description: `the user-managed section of store "${layout.name}"`,
    }),
  };
}

function sectionPrefix(layout: StoreLayout, section: "hash" | "schema" | "mortise"): string {
  return section === "mortise" ? "_mortise" : layout.sections[section];
}

/** A store given as an instance has no spec; its URL says where it is. */
function specOf(layout: StoreLayout, store: Pick<ObjectStore, "protocol" | "baseUrl">): { protocol: string } {
  const { settings } = layout;
  if (typeof settings["protocol"] === "string") return { ...settings, protocol: settings["protocol"] };
  return { protocol: store.protocol, ...(store.protocol === "file" ? { location: store.baseUrl } : {}) };
}
