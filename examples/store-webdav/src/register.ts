import { registerPlugin } from "@mortise/core";
import { webdavStore } from "./plugin.ts";

registerPlugin(webdavStore);
