import { type ByteSource, type CodecSite, extensionOf, parseKey, ValueError } from "@mortise/core";

export interface AcceptedFile {
  readonly kind: "file";
  readonly extension: string | undefined;
  /** Bytes when it was looked at; a file that has grown or shrunk since is refused while writing. */
  readonly size: number;
  open(): Promise<ByteSource>;
}

interface FolderEntry {
  /** Relative to the folder, `/`-separated. */
  readonly path: string;
  readonly size: number;
  open(): Promise<ByteSource>;
}

export interface AcceptedFolder {
  readonly kind: "folder";
  readonly extension: string | undefined;
  readonly size: number;
  readonly files: readonly FolderEntry[];
}

/** Files up to this size are read in one go; larger ones are streamed. Bytes. */
const wholeFileLimit = 256 * 1024;

async function openFile(path: string, size: number): Promise<ByteSource> {
  if (size <= wholeFileLimit) return await (await import("node:fs/promises")).readFile(path);
  return (await import("node:fs")).createReadStream(path, { highWaterMark: 1024 * 1024 });
}

function notFound(path: string, site: CodecSite, cause: unknown): ValueError {
  const code = (cause as NodeJS.ErrnoException).code;
  return code === "ENOENT" || code === "ENOTDIR"
    ? new ValueError("source-not-found", `Source path not found: ${path}`, { site, cause, hint: "nothing was written" })
    : new ValueError("source-unreadable", `the source ${path} can't be read: ${(cause as Error).message}`, {
        site,
        cause,
      });
}

function brokenLink(path: string, folder: string, site: CodecSite, cause?: unknown): ValueError {
  return new ValueError("symlink", `the link ${path} does not lead to a file inside the folder ${folder}`, {
    site,
    cause,
    hint: "replace it by the file it should stand for, or leave it out of the folder",
  });
}

/**
 * Lists a folder before anything is written. A link is taken as the file it leads to when that lies inside the folder;
 * every other link is refused, so that the same folder gives the same objects on every store.
 */
async function listFolder(root: string, site: CodecSite): Promise<readonly FolderEntry[]> {
  const fs = await import("node:fs/promises");
  const paths = await import("node:path");
  const realRoot = await fs.realpath(root);
  const found: FolderEntry[] = [];
  const visit = async (folder: string, relative: string): Promise<void> => {
    for (const entry of await fs.readdir(folder, { withFileTypes: true })) {
      const path = paths.join(folder, entry.name);
      const name = relative === "" ? entry.name : `${relative}/${entry.name}`;
      parseKey(name);
      if (entry.isDirectory()) {
        await visit(path, name);
        continue;
      }
      if (entry.isSymbolicLink()) {
        const real = await fs.realpath(path).catch((cause: unknown) => {
          throw brokenLink(path, root, site, cause);
        });
        if (!real.startsWith(realRoot + paths.sep)) throw brokenLink(path, root, site);
      }
      const stat = await fs.stat(path);
      if (!stat.isFile()) throw brokenLink(path, root, site);
      found.push({ path: name, size: stat.size, open: () => openFile(path, stat.size) });
    }
  };
  await visit(realRoot, "");
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A path, or a `file:` URL. Other URLs are refused: copying from another store is the caller's to do. */
async function localPath(text: string, codec: string, site: CodecSite): Promise<string> {
  if (text === "") {
    throw new ValueError("invalid-path", `${codec} got an empty path`, {
      site,
      hint: "an empty path would mean the working directory; name the file or folder",
    });
  }
  if (/^file:/i.test(text)) return (await import("node:url")).fileURLToPath(text);
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(text)) {
    throw new ValueError("invalid-path", `${codec} reads local files and folders, not ${text.split("?")[0]}`, {
      site,
      hint: "download it first, or pass a stream of its bytes",
    });
  }
  return (await import("node:path")).resolve(text);
}

/** Looks at a file or folder; reads only directories. */
export async function acceptPath(
  text: string,
  extension: string | undefined,
  site: CodecSite,
): Promise<AcceptedFile | AcceptedFolder> {
  const fs = await import("node:fs/promises");
  const paths = await import("node:path");
  const path = await localPath(text, "<object>", site);
  try {
    const stat = await fs.stat(path);
    if (stat.isDirectory()) {
      const files = await listFolder(path, site);
      const kept = extensionOf(paths.basename(path)) === ".zarr" ? ".zarr" : undefined;
      return {
        kind: "folder",
        extension: extension ?? kept,
        size: files.reduce((sum, file) => sum + file.size, 0),
        files,
      };
    }
    if (!stat.isFile()) {
      throw new ValueError("wrong-type", `the source ${path} is neither a file nor a folder`, { site });
    }
    await fs.access(path, fs.constants.R_OK);
    const { size } = stat;
    return {
      kind: "file",
      extension: extension ?? extensionOf(paths.basename(path)) ?? undefined,
      size,
      open: () => openFile(path, size),
    };
  } catch (error) {
    if (error instanceof Error && "syscall" in error) throw notFound(path, site, error);
    throw error;
  }
}
