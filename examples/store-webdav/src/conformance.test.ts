import { storeConformance } from "@mortise/store-testkit";
import { afterAll, describe, it } from "vitest";
import { openWebdavStore } from "./store.ts";
import { startWebdavServer, webdavServer } from "./testing/server.ts";

if (webdavServer.met) {
  const { url, username, password, stop } = await startWebdavServer();
  afterAll(stop);
  const open = () => openWebdavStore({ endpoint: url, location: "lab", username, password });
  await storeConformance({ name: "webdav", describe, it, open });
} else it.skip(`webdav: store conformance (${webdavServer.reason})`, () => undefined);
