import type { ObjectKey } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { storeError } from "@mortise/store-kit";
import { conflictError, drain } from "./errors.ts";
import type { Send } from "./http.ts";
import type { Resource } from "./propfind.ts";

/** What the making of folders needs of the store. */
export interface FolderAccess {
  readonly send: Send;
  readonly urlOf: (path: string) => string;
  /** The folders from the endpoint to the store's own, each with a slash at its end. */
  readonly rootUrls: readonly string[];
  readonly look: (site: OperationSite, path: string, signal?: AbortSignal) => Promise<Resource | undefined>;
  readonly holdsObject: (site: OperationSite, folder: string, signal?: AbortSignal) => Promise<boolean>;
}

/** The folders that objects are put in: they have to be made before, and an empty one may stand in an object's way. */
export interface Folders {
  /** Makes the folders that lead to the key, unless this store has already made or met them. */
  make(site: OperationSite, key: string, signal?: AbortSignal): Promise<void>;
  /** After the server refused the key: makes its folders anew, and takes an empty folder of the same name out of its way. */
  repair(site: OperationSite, key: ObjectKey, signal?: AbortSignal): Promise<void>;
}

const remembered = 10_000;
const staging = "_mortise/staging/";

export function createFolders({ send, urlOf, rootUrls, look, holdsObject }: FolderAccess): Folders {
  const known = new Set<string>();

  /** Answers with the status: 201 made, 405 there already (RFC 4918 §9.3.1), 409 the one above is missing. */
  async function mkcol(site: OperationSite, url: string, signal?: AbortSignal): Promise<number> {
    const expected = [201, 400, 405, 409] as const;
    let response = await send(site, "MKCOL", url, { signal, expected: [...expected, 403] });
    await drain(response);
    if (response.status === 403) {
      // Apache denies it to all but one of those who make the same folder at once.
      response = await send(site, "MKCOL", url, { signal, expected });
      await drain(response);
    }
    // Apache's answer for a folder below an object.
    if (response.status === 400) throw conflictError(site, "a segment of the key is an object");
    return response.status;
  }

  /** `folder` ends in a slash; the store's own is the empty text. */
  async function makeFolder(site: OperationSite, folder: string, signal?: AbortSignal): Promise<void> {
    if (known.has(folder)) return;
    if (folder === "") for (const url of rootUrls) await mkcol(site, url, signal);
    else {
      const url = `${urlOf(folder.slice(0, -1))}/`;
      if ((await mkcol(site, url, signal)) === 409) {
        await makeFolder(site, parentOf(folder), signal);
        if ((await mkcol(site, url, signal)) === 409) {
          throw storeError(site, "unavailable", `the folder "${folder}" was removed while it was made`);
        }
      }
    }
    if (known.size >= remembered) known.clear();
    known.add(folder);
  }

  async function clear(site: OperationSite, key: ObjectKey, signal?: AbortSignal): Promise<void> {
    const folder = `${key}/`;
    if (await holdsObject(site, folder, signal)) throw conflictError(site, `there are objects below "${folder}"`);
    // DELETE of a folder takes all that is in it, also what was put there a moment ago. Moved away first, it gets no
    // new objects, and what it has can be seen.
    const aside = `${staging}${crypto.randomUUID()}`;
    await makeFolder(site, staging, signal);
    await move(site, folder, `${aside}/`, signal);
    if (await holdsObject(site, `${aside}/`, signal)) {
      await move(site, `${aside}/`, folder, signal).catch((cause: unknown) => {
        const hint = "move them back by hand: nothing was deleted";
        throw storeError(site, "unknown", `objects put below "${folder}" meanwhile are in "${aside}"`, { cause, hint });
      });
      throw conflictError(site, `an object was put below "${folder}" meanwhile`);
    }
    await drain(await send(site, "DELETE", `${urlOf(aside)}/`, { signal, expected: [200, 204, 404] }));
  }

  async function move(site: OperationSite, from: string, to: string, signal?: AbortSignal): Promise<void> {
    const headers = { destination: `${urlOf(to.slice(0, -1))}/`, overwrite: "F" };
    await drain(await send(site, "MOVE", `${urlOf(from.slice(0, -1))}/`, { headers, signal, expected: [201, 204] }));
  }

  return {
    make: (site, key, signal) => makeFolder(site, parentOf(key), signal),
    async repair(site, key, signal) {
      for (let folder = parentOf(key); folder !== ""; folder = parentOf(folder)) {
        known.delete(folder);
        const found = await look(site, folder.slice(0, -1), signal);
        if (found?.folder === false) throw conflictError(site, `"${folder.slice(0, -1)}" is an object`);
      }
      known.delete("");
      await makeFolder(site, parentOf(key), signal);
      const found = await look(site, key, signal);
      if (found?.folder === true) await clear(site, key, signal);
      for (const folder of known) if (folder.startsWith(`${key}/`)) known.delete(folder);
    },
  };
}

/** The folder that a key, or another folder, is in. */
function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/", path.length - 2) + 1);
}
