import { openWebdavStore } from "@mortise/example-store-webdav";
import { startWebdavServer, webdavServer } from "@mortise/example-store-webdav/testing";
import { testConformance } from "./suite.ts";

await testConformance({
  name: "WebDAV",
  needs: webdavServer,
  async start() {
    const { url, username, password, stop } = await startWebdavServer();
    return {
      open: () => openWebdavStore({ endpoint: url, location: "lab", username, password }),
      [Symbol.asyncDispose]: stop,
    };
  },
});
