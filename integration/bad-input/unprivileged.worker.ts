// Started as root; gives root up once everything it needs is loaded, tries what must be refused, and says what happened.
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openLab } from "../support/lab.ts";

const nobody = 65534;
const folder = process.argv[2] ?? "";

const describe = (error: unknown): string => String(error);
const outcomes: Record<string, string> = {};

await writeFile(join(folder, "secret.bin"), "secret", { mode: 0o600 });
await mkdir(join(folder, "hidden"));
await writeFile(join(folder, "hidden", "datajoint.json"), "{}", { mode: 0o600 });
await chmod(folder, 0o777);

// Everything is loaded and the database made before; only the store's folder stays root's.
await using project = await openLab(folder);
const Item = project.schema("lab").manual("Item", "id : int32\n---\nvalue : <object@>");
await Item.count();
for (const name of ["database.sqlite", "database.sqlite-wal", "database.sqlite-shm", ""]) {
  await chmod(join(folder, ".mortise", name), 0o777).catch(() => undefined);
}
await chmod(join(folder, "main"), 0o555);

process.setgroups?.([]);
process.setgid?.(nobody);
process.setuid?.(nobody);

await Item.insertOne({ id: 1, value: new Uint8Array(10) }).catch((error: unknown) => {
  outcomes["read-only store"] = describe(error);
});
outcomes["rows after it"] = String(await Item.count());
await Item.insertOne({ id: 2, value: join(folder, "secret.bin") }).catch((error: unknown) => {
  outcomes["unreadable source"] = describe(error);
});
await openLab(join(folder, "hidden")).then(
  (opened) => opened.close(),
  (error: unknown) => {
    outcomes["unreadable configuration"] = describe(error);
  },
);
console.log(JSON.stringify(outcomes));
