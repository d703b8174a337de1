import { dirname } from "node:path";
import type { ObjectKey } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { systemError } from "../errors.ts";
import { forFlushing, openObject } from "../read/open-object.ts";
import type { Containment } from "../root/containment.ts";
import type { Layout } from "../root/layout.ts";
import { closeRead, flush, realpath } from "../syscalls.ts";
import type { Directories } from "./directories.ts";

export interface DurableParts {
  readonly layout: Layout;
  readonly containment: Containment;
  readonly directories: Directories;
}

/**
 * `ensureDurable`: flushes the file, which somebody may have copied here by hand, then the entry in its folder and those
 * that lead to the folder. Of a symbolic link both are flushed, the link and what it names.
 */
export async function makeDurable(parts: DurableParts, site: OperationSite, key: ObjectKey): Promise<void> {
  const { layout, containment, directories } = parts;
  const { fd } = await openObject(layout, containment, site, key, forFlushing);
  try {
    await flush(fd);
  } catch (error) {
    throw systemError(site, error);
  } finally {
    closeRead(fd);
  }
  try {
    const path = layout.pathOf(site, key);
    const folders = new Set([dirname(await realpath(path)), dirname(path)]);
    for (const folder of folders) await directories.settle(site, folder);
  } catch (error) {
    throw systemError(site, error);
  }
}
