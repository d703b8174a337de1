// `npm run demo [-- --data <folder>] [-- --keep]`.
import { demo } from "../examples/demo/src/main.ts";

await demo(process.argv.slice(2));
