import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Place } from "./place.ts";

/** Puts the place's secrets where a lab keeps them, one file per key, for one store of its configuration. */
export async function writeSecrets(folder: string, store: string, { secrets }: Place): Promise<void> {
  await mkdir(join(folder, ".secrets"), { recursive: true, mode: 0o700 });
  for (const [key, secret] of Object.entries(secrets)) {
    await writeFile(join(folder, ".secrets", `stores.${store}.${key}`), `${secret}\n`, { mode: 0o600 });
  }
}
