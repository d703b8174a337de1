import { registerPlugin } from "@mortise/core";
import { postgres } from "./plugin.ts";

registerPlugin(postgres);
