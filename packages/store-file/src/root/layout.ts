import { sep } from "node:path";
import type { ObjectKey } from "@mortise/core";
import { utf8Length } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { storeError } from "@mortise/store-kit";

/** Longest name of a file on every common file system, in bytes (on Windows and macOS in UTF-16 units, of which there are fewer). */
const maxNameBytes = 255;

/** Windows gives these names to devices, in any case and with any extension. */
const windowsDevice = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;
const windowsForbidden = /[<>:"|?*]|[. ]$/;

/** Where things are in the folder of a store. */
export interface Layout {
  /** Absolute, with its symbolic links resolved. */
  readonly root: string;
  readonly staging: string;
  /** The absolute path of a key. Throws `invalid-key` for one that no file can have. */
  pathOf(site: OperationSite, key: ObjectKey): string;
  /** Whether `path` is the root or below it; textual, so only for paths without symbolic links. */
  contains(path: string): boolean;
  /** The part of an absolute path below the root, with `/` between its segments. */
  relative(path: string): string;
}

/** The layout below `root`, an absolute path without symbolic links. */
export function createLayout(root: string): Layout {
  const base = root.endsWith(sep) ? root : `${root}${sep}`;
  return {
    root,
    staging: `${base}_mortise${sep}staging`,
    pathOf(site, key) {
      checkNames(site, key);
      return base + (sep === "/" ? key : key.replaceAll("/", sep));
    },
    contains: (path) => path === root || path.startsWith(base),
    relative: (path) => path.slice(base.length).replaceAll(sep, "/"),
  };
}

function checkNames(site: OperationSite, key: ObjectKey): void {
  const windows = sep === "\\";
  // A UTF-16 unit has at most three bytes: most keys need no look at their segments.
  if (!windows && key.length * 3 <= maxNameBytes) return;
  for (const segment of key.split("/")) {
    if (utf8Length(segment) > maxNameBytes) {
      throw storeError(
        site,
        "invalid-key",
        `a segment has ${utf8Length(segment)} bytes, file names have at most ${maxNameBytes}`,
        {
          hint: "divide long names into several segments",
        },
      );
    }
    if (windows && (windowsDevice.test(segment) || windowsForbidden.test(segment))) {
      throw storeError(site, "invalid-key", `Windows can't have a file named "${segment}"`, {
        hint: "choose another key",
      });
    }
  }
}
