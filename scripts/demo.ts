// `npm run demo [-- --database sqlite|postgresql|mysql] [-- --store file|s3|gcs|azure] [-- --data <folder>] [-- --keep]`.
// The servers of a database and of a cloud's store run in containers meanwhile.
import { parseArgs } from "node:util";
import { demo } from "../examples/demo/src/main.ts";

const { values, tokens } = parseArgs({
  options: { store: { type: "string", default: "file" }, database: { type: "string", default: "sqlite" } },
  strict: false,
  tokens: true,
});
const [store, database] = [String(values.store), String(values.database)];
const args = process.argv.slice(2);
/** What the demo itself knows nothing of, the last first, so that the places of the others stay. */
for (const token of tokens.toReversed()) {
  if (token.kind !== "option" || !(token.name === "store" || token.name === "database")) continue;
  args.splice(token.index, token.inlineValue === true ? 1 : 2);
}

/** One of the servers that an option can name; throws with the list of them, or where no container can run. */
async function starterOf<Start>(option: string, name: string, servers: Readonly<Record<string, Start>>, own: string) {
  const { dockerEngine } = await import("../integration/stores/servers/engine.ts");
  const start = servers[name];
  if (start === undefined) throw new Error(`--${option} ${name}: there is ${own}, ${Object.keys(servers).join(", ")}`);
  const { met, reason } = await dockerEngine();
  if (!met) throw new Error(`--${option} ${name} starts a server in a container, but there is ${reason}`);
  return start;
}

async function startBucket(stack: AsyncDisposableStack) {
  if (store === "file") return undefined;
  const { serverOf } = await import("../integration/stores/servers/by-protocol.ts");
  const start = await starterOf("store", store, serverOf, "file");
  return await stack.use(await start()).createPlace();
}

async function startDatabase(stack: AsyncDisposableStack) {
  if (database === "sqlite") return undefined;
  const { databaseServerOf } = await import("../integration/databases/servers/by-backend.ts");
  const start = await starterOf("database", database, databaseServerOf, "sqlite");
  return stack.use(await start()).server;
}

try {
  await using stack = new AsyncDisposableStack();
  await demo(args, { bucket: await startBucket(stack), database: await startDatabase(stack) });
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
