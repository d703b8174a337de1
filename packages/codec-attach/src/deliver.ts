import { link, mkdir, open, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Bytes } from "@mortise/core";
import type { Attachment } from "./payload.ts";

/** `r.tar.gz` → `r.tar` and `.gz`; dot-files have no suffix. */
function splitName(name: string): readonly [stem: string, suffix: string] {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
}

async function holds(path: string, content: Bytes): Promise<boolean> {
  const found = await stat(path);
  return found.isFile() && found.size === content.byteLength && Buffer.compare(await readFile(path), content) === 0;
}

/** Publishes a finished file under a name that must be free; false where it is taken. */
async function claim(temporary: string, path: string): Promise<boolean> {
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/**
 * Writes the attachment into a folder and returns its path. A file of that name with the same content is used as it is;
 * with other content the next of `stem_1suffix`, `stem_2suffix`, … is taken. The file appears whole, by `link`, so two
 * readers of one name never overwrite each other.
 */
export async function deliver(attachment: Attachment, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const [stem, suffix] = splitName(attachment.name);
  let temporary: string | undefined;
  try {
    for (let number = 0; ; number++) {
      const path = join(folder, number === 0 ? attachment.name : `${stem}_${number}${suffix}`);
      const taken = await holds(path, attachment.content).catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return undefined;
        throw error;
      });
      if (taken === true) return path;
      if (taken === false) continue;
      temporary ??= await writeTemporary(folder, attachment.content);
      if ((await claim(temporary, path)) || (await holds(path, attachment.content))) return path;
    }
  } finally {
    if (temporary !== undefined) await rm(temporary, { force: true });
  }
}

async function writeTemporary(folder: string, content: Bytes): Promise<string> {
  const path = join(folder, `.${crypto.randomUUID()}.partial`);
  await using file = await open(path, "wx");
  await file.writeFile(content);
  return path;
}
