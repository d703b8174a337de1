import { registerPlugin } from "@mortise/core";
import { sqlite } from "./plugin.ts";

registerPlugin(sqlite);
