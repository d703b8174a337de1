import { registerPlugin } from "@mortise/core";
import { fileStore } from "./plugin.ts";

registerPlugin(fileStore);
