import { readlinkSync } from "node:fs";
import type { OperationSite } from "@mortise/store-kit";
import { collisionError, linkError } from "../errors.ts";
import { realpath } from "../syscalls.ts";
import type { Layout } from "./layout.ts";

/** Keeps every operation inside the store, whatever links the folder holds. Links that stay inside are followed. */
export interface Containment {
  /** Whether the kernel tells the path of what is open, as far as is known: then `checkOpen` answers at once. */
  readonly descriptors: boolean;
  /**
   * Resolves to nothing if `path`, which must exist, is in the store with its links resolved. Rejects with
   * `permission-denied` if it is not, with `invalid-key` if it exists under another spelling only, and with the system's error.
   */
  check(site: OperationSite, path: string): Promise<void>;
  /** The same for a file that is open already, which nobody can exchange between the check and the reading. */
  checkOpen(site: OperationSite, fd: number, path: string): Promise<void> | undefined;
}

const fold = (path: string): string => path.normalize("NFC").toLowerCase();

/** The checks for one root. */
export function createContainment(layout: Layout): Containment {
  // Concurrent writes into one folder share a look at it: each would see the same.
  const underWay = new Map<string, Promise<string>>();
  let descriptors = process.platform === "linux";

  function judge(site: OperationSite, path: string, real: string): void {
    if (real === path) return;
    if (!layout.contains(real)) throw linkError(site);
    if (fold(real) === fold(path)) throw collisionError(site, layout.relative(real));
  }
  function resolve(path: string): Promise<string> {
    const present = underWay.get(path);
    if (present !== undefined) return present;
    const look = realpath(path).finally(() => underWay.delete(path));
    underWay.set(path, look);
    return look;
  }
  async function check(site: OperationSite, path: string): Promise<void> {
    if (path !== layout.root) judge(site, path, await resolve(path));
  }

  return {
    get descriptors() {
      return descriptors;
    },
    check,
    checkOpen(site, fd, path) {
      if (descriptors) {
        try {
          // The kernel knows the path of what is open: no file is touched, and no time passes between check and use.
          const real = readlinkSync(`/proc/self/fd/${fd}`);
          judge(site, path, real.endsWith(" (deleted)") && real !== path ? real.slice(0, -" (deleted)".length) : real);
          return undefined;
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
          // No /proc here, as in some containers.
          descriptors = false;
        }
      }
      return check(site, path);
    },
  };
}
