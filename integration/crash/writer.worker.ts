// Writes for ever until it is killed: `writer.worker.ts <folder> plain|unchecked|mixed`. Plain and unchecked only insert,
// one transaction of the product's own per batch.
import { randomFillSync, randomInt } from "node:crypto";
import { writeMixed } from "./mixed-writes.ts";
import { definition, openScene, schemaName, sharedContent } from "./scene.ts";

const [folder = "", mode] = process.argv.slice(2);
await using project = await openScene(folder, { unchecked: mode === "unchecked" });
if (mode === "mixed") await writeMixed(project);
const Item = project.schema(schemaName).manual("Item", definition);
await Item.count();
console.log("ready");
for (;;) {
  await Item.insert(
    Array.from({ length: 8 }, () => ({
      id: BigInt(randomInt(2 ** 47)),
      shared: sharedContent(randomInt(8)),
      own: randomFillSync(new Uint8Array(2_000)),
      file: ["bin", randomFillSync(new Uint8Array(50_000))] as const,
    })),
  );
}
