import { registerPlugin } from "@mortise/core";
import { mysql } from "./plugin.ts";

registerPlugin(mysql);
