import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A folder of a test's own, removed when it goes out of scope. */
export interface TempProject extends AsyncDisposable {
  readonly path: string;
  /** Writes files by relative path, with their folders; a value that is no string is written as JSON. */
  write(files: Readonly<Record<string, unknown>>): Promise<void>;
}

/** Makes a folder with these files. Files of `.secrets/` get mode 0600, others the default. */
export async function tempProject(files: Readonly<Record<string, unknown>> = {}): Promise<TempProject> {
  const path = await realpath(await mkdtemp(join(tmpdir(), "mortise-core-")));
  const project: TempProject = {
    path,
    async write(entries) {
      for (const [name, content] of Object.entries(entries)) {
        const file = join(path, name);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
        if (name.includes(".secrets/")) await chmod(file, 0o600);
      }
    },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
  await project.write(files);
  return project;
}
