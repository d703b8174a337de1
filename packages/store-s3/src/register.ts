import { registerPlugin } from "@mortise/core";
import { s3Store } from "./plugin.ts";

registerPlugin(s3Store);
