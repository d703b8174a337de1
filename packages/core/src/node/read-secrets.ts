import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { isSecretName, type SecretTexts } from "../config/layers/secrets.ts";
import { isAbsent, readText, unreadable } from "./files.ts";

/** Where container engines mount secrets; used only if there is no `.secrets/`. */
const mounted = "/run/secrets/datajoint";

/** What a secrets directory holds, and warnings about who else can read it. */
export interface SecretFiles {
  readonly secrets?: SecretTexts | undefined;
  readonly warnings: readonly string[];
}

async function namesIn(path: string): Promise<readonly string[] | undefined> {
  try {
    return await readdir(path);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw unreadable(path, error);
  }
}

async function readDirectory(path: string, names: readonly string[], strict: boolean): Promise<SecretFiles> {
  const warnings: string[] = [];
  const values: Record<string, string> = {};
  for (const name of names.filter(isSecretName).toSorted()) {
    const file = join(path, name);
    const info = await stat(file).catch((error: unknown) => {
      throw unreadable(file, error);
    });
    if (!info.isFile()) continue;
    // Windows reports modes that say nothing, and mounted secrets are readable by all inside their container.
    if (strict && process.platform !== "win32" && (info.mode & 0o077) !== 0) {
      const mode = (info.mode & 0o777).toString(8);
      warnings.push(`${file} can be read by others (mode ${mode}): chmod 600 "${file}"`);
    }
    values[name] = (await readText(file)) ?? "";
  }
  return { secrets: { path, values }, warnings };
}

/**
 * Reads `.secrets/` of this folder, else the mounted secrets; never both. Throws `unreadable-file`.
 * Links are followed: Kubernetes mounts each secret as one.
 */
export async function readSecrets(directory: string, fallback: string = mounted): Promise<SecretFiles> {
  const path = join(directory, ".secrets");
  const names = await namesIn(path);
  if (names !== undefined) return readDirectory(path, names, true);
  const others = await namesIn(fallback);
  return others === undefined ? { warnings: [] } : readDirectory(fallback, others, false);
}
