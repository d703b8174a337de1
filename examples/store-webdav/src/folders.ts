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

export function createFolders({ send, urlOf, look, holdsObject }: FolderAccess): Folders {
  const known = new Set<string>();

  /** `folder` ends in a slash; the store's own is the empty text. */
  async function makeFolder(site: OperationSite, folder: string, signal?: AbortSignal): Promise<void> {
    if (known.has(folder)) return;
    // 405: there is something already (RFC 4918 §9.3.1); 409: the folder above is missing. 400 is
    // Apache's answer for a folder below an object.
    const made = [201, 400, 405, 409] as const;
    const url = `${urlOf(folder.slice(0, -1))}/`;
    const mkcol = async (): Promise<number> => {
      let response = await send(site, "MKCOL", url, { signal, expected: [...made, 403] });
      await drain(response);
      if (response.status !== 403) return response.status;
      // Apache denies it to all but one of those who make the same folder at once.
      response = await send(site, "MKCOL", url, { signal, expected: made });
      await drain(response);
      return response.status;
    };
    const status = await mkcol();
    if (status === 400) throw conflictError(site, `"${folder}" would be below an object`);
    if (status === 409) {
      if (folder === "") throw storeError(site, "invalid-config", "the folder above the store's is missing");
      await makeFolder(site, parentOf(folder), signal);
      if ((await mkcol()) === 409) throw storeError(site, "unavailable", `the folder "${folder}" can't be made`);
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
      await move(site, `${aside}/`, folder, signal);
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
