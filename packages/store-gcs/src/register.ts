import { registerPlugin } from "@mortise/core";
import { gcsStore } from "./plugin.ts";

registerPlugin(gcsStore);
