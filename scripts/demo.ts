// `npm run demo [-- --store file|s3|gcs|azure] [-- --data <folder>] [-- --keep]`. The server of a cloud's store runs in a
// container meanwhile.
import { parseArgs } from "node:util";
import { demo } from "../examples/demo/src/main.ts";

const { values, tokens } = parseArgs({
  options: { store: { type: "string", default: "file" } },
  strict: false,
  tokens: true,
});
const at = tokens.find((token) => token.kind === "option" && token.name === "store");
const args = process.argv.slice(2);
if (at?.kind === "option") args.splice(at.index, at.inlineValue === true ? 1 : 2);

async function demoOn(store: string): Promise<void> {
  const { dockerEngine } = await import("../integration/stores/servers/engine.ts");
  const { serverOf } = await import("../integration/stores/servers/by-protocol.ts");
  const start = serverOf[store];
  if (start === undefined) throw new Error(`--store ${store}: there is file, ${Object.keys(serverOf).join(", ")}`);
  const { met, reason } = await dockerEngine();
  if (!met) throw new Error(`--store ${store} starts a server in a container, but there is ${reason}`);
  await using server = await start();
  await demo(args, await server.createPlace());
}

try {
  await (values.store === "file" ? demo(args) : demoOn(String(values.store)));
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
