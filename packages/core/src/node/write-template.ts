import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { ConfigError } from "../errors.ts";
import { errnoOf } from "./files.ts";

export interface TemplateOptions {
  /** Writes a server's settings too, as DataJoint for Python does. Without: stores only, and SQLite as database. */
  readonly database?: "mysql" | "postgresql" | undefined;
  /** Folder of the store `main`. Default: `data` beside the file; made if it is absent. Not written for a server's template. */
  readonly location?: string | undefined;
  /** Whether to write `.secrets/`. Default true. */
  readonly secrets?: boolean | undefined;
}

const ignoreFile = "# Secrets are never committed\n*\n!.gitignore\n";
const ports = { mysql: 3306, postgresql: 5432 };

/** Writes a file that only its owner reads; an existing one is kept. */
async function writeOnce(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: "wx", mode: 0o600 });
  } catch (error) {
    if (errnoOf(error) !== "EEXIST") throw error;
  }
}

async function writeSecrets(directory: string, database: boolean): Promise<void> {
  const path = join(directory, ".secrets");
  const made = await mkdir(path, { recursive: true, mode: 0o700 });
  if (made !== undefined) await chmod(path, 0o700);
  await writeOnce(join(path, ".gitignore"), ignoreFile);
  if (!database) return;
  await writeOnce(join(path, "database.user"), "your_username");
  await writeOnce(join(path, "database.password"), "your_password");
}

/**
 * Writes a configuration to start from, with `.secrets/` beside it (folder 0700, files 0600, ignored by git), and
 * returns its absolute path. Throws `ConfigError` `file-exists`, and then has written nothing.
 */
export async function writeTemplate(path = "datajoint.json", options: TemplateOptions = {}): Promise<string> {
  const file = resolve(path);
  const directory = dirname(file);
  const { database } = options;
  const location = resolve(directory, options.location ?? "data");
  const content =
    database === undefined
      ? { stores: { default: "main", main: { protocol: "file", location } } }
      : {
          database: {
            ...(database === "mysql" ? {} : { backend: database }),
            host: "localhost",
            port: ports[database],
          },
        };
  try {
    await writeFile(file, `${JSON.stringify(content, null, 2)}\n`, { flag: "wx" });
  } catch (error) {
    const code = errnoOf(error);
    throw new ConfigError(
      code === "EEXIST" ? "file-exists" : "unwritable-file",
      code === "EEXIST" ? `${file} exists already` : `Can't write ${file}: ${code}`,
      { hint: "nothing was written; choose another path, or edit the file", cause: error },
    );
  }
  if (database === undefined) await mkdir(location, { recursive: true });
  if (options.secrets !== false) await writeSecrets(directory, database !== undefined);
  return file;
}
