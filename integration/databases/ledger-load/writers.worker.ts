// Some writers at once, each with a project and connections of its own: `writers.worker.ts <assignment as JSON>`. Prints
// how many rows were inserted; any error of an insert ends it.
import { randomFillSync, randomInt } from "node:crypto";
import { mysql } from "@mortise/db-mysql";
import { postgres } from "@mortise/db-postgres";
import { type Assignment, definition, hotContent, openScene, schemaName } from "./scene.ts";

const assignment = JSON.parse(process.argv[2] ?? "") as Assignment;
const plugin = assignment.backend === "mysql" ? mysql : postgres;
const until = performance.now() + assignment.seconds * 1000;
let nextId = assignment.firstId;

function row() {
  return {
    id: nextId++,
    shared: hotContent(randomInt(500)),
    own: randomFillSync(new Uint8Array(500)),
    file: ["bin", randomFillSync(new Uint8Array(500))] as const,
  };
}

async function write(): Promise<number> {
  await using project = await openScene(assignment, plugin);
  const Trial = project.schema(schemaName).manual("Trial", definition);
  // The first statement may be one in a transaction, where nothing is declared.
  await Trial.count();
  let rows = 0;
  while (performance.now() < until) {
    const batch = Array.from({ length: randomInt(1, 20) }, row);
    if (randomInt(4) > 0) {
      await Trial.insert(batch);
      rows += batch.length;
    } else {
      await project.transaction(async () => {
        await Trial.insert(batch);
        await Trial.insertOne(row());
      });
      rows += batch.length + 1;
    }
  }
  return rows;
}

const rows = await Promise.all(Array.from({ length: assignment.writers }, write));
console.log(rows.reduce((sum, each) => sum + each, 0));
