import { realpath, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isAbsent, unreadable } from "./files.ts";

const fileName = "datajoint.json";

/** Where the configuration is. */
export interface ConfigPlace {
  /** Absolute path of `datajoint.json`; undefined if there is none. */
  readonly file: string | undefined;
  /** Its folder; without a file the folder with the project's `.git` or `.hg`, else the one the search began in. */
  readonly directory: string;
}

async function kindOf(path: string): Promise<"file" | "other" | "absent"> {
  try {
    return (await stat(path)).isFile() ? "file" : "other";
  } catch (error) {
    if (isAbsent(error)) return "absent";
    throw unreadable(path, error);
  }
}

/**
 * Looks for `datajoint.json` from `start` upwards, to the folder with `.git` or `.hg` inclusive (storage specification
 * §3.2). `start` is the working directory unless given; symbolic links are resolved first.
 */
export async function findConfigFile(start: string = process.cwd()): Promise<ConfigPlace> {
  const first = await realpath(start).catch((error: unknown) => {
    throw unreadable(start, error);
  });
  for (let directory = first; ; directory = dirname(directory)) {
    const file = join(directory, fileName);
    if ((await kindOf(file)) === "file") return { file, directory };
    const markers = await Promise.all([".git", ".hg"].map((name) => kindOf(join(directory, name))));
    if (markers.some((kind) => kind !== "absent")) return { file: undefined, directory };
    if (dirname(directory) === directory) return { file: undefined, directory: first };
  }
}
