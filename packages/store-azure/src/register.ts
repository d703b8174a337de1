import { registerPlugin } from "@mortise/core";
import { azureStore } from "./plugin.ts";

registerPlugin(azureStore);
