import { constants } from "node:fs";
import type { ObjectInfo, ObjectKey } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { storeError } from "@mortise/store-kit";
import { systemError } from "../errors.ts";
import { infoOf } from "../etag.ts";
import type { Containment } from "../root/containment.ts";
import type { Layout } from "../root/layout.ts";
import { closeRead, open, realpath, stat, statOpen } from "../syscalls.ts";

/** For reading. Without O_NONBLOCK, opening a named pipe would wait for its writer and hold a thread for ever. */
const forReading = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** For flushing, which Windows allows only who may write. */
export const forFlushing: number = process.platform === "win32" ? constants.O_RDWR : forReading;

export interface Opened {
  readonly fd: number;
  readonly info: ObjectInfo;
}

/** Opens the file of an object; whoever calls closes it. Throws `not-found` for whatever is no regular file. */
export async function openObject(
  layout: Layout,
  containment: Containment,
  site: OperationSite,
  key: ObjectKey,
  flags: number = forReading,
): Promise<Opened> {
  const path = layout.pathOf(site, key);
  let fd: number;
  try {
    fd = await open(path, flags);
  } catch (error) {
    throw systemError(site, error);
  }
  try {
    const checking = containment.checkOpen(site, fd, path);
    if (checking !== undefined) await checking;
    const found = statOpen(fd);
    if (!found.isFile()) throw storeError(site, "not-found", "there is a folder or device, not an object");
    return { fd, info: infoOf(key, found) };
  } catch (error) {
    closeRead(fd);
    throw systemError(site, error);
  }
}

/**
 * `O_PATH`: names what is at a path without opening it, so that nothing of it is read, no permission to read is needed,
 * and no device or pipe notices. Only Linux has it; its value is the same on every processor that Node runs on.
 */
const naming = 0o10000000;

/**
 * What is known of an object without reading it. Throws `not-found`. Where the kernel tells the path of a descriptor,
 * one call to it decides what and where the object is; resolving the path is a second one that looks at every folder.
 */
export async function headObject(
  layout: Layout,
  containment: Containment,
  site: OperationSite,
  key: ObjectKey,
): Promise<ObjectInfo> {
  if (containment.descriptors) {
    const { fd, info } = await openObject(layout, containment, site, key, naming);
    closeRead(fd);
    return info;
  }
  const path = layout.pathOf(site, key);
  try {
    const [found] = await Promise.all([stat(path), containment.check(site, path)]);
    if (!found.isFile()) throw storeError(site, "not-found", "there is a folder or device, not an object");
    return infoOf(key, found);
  } catch (error) {
    throw systemError(site, error);
  }
}

/** Whether the path, with its links resolved, is in the store; false also for what is not there. */
export async function staysInside(layout: Layout, path: string): Promise<boolean> {
  try {
    return layout.contains(await realpath(path));
  } catch {
    return false;
  }
}
