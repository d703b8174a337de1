import type { Secret, StoreContext, StorePlugin, StoreSpec } from "@mortise/core";
import { apiVersion } from "@mortise/core";
import { openWebdavStore } from "./store.ts";

/** Stores with `"protocol": "webdav"`: `openProject({ plugins: [webdavStore] })`. */
export const webdavStore: StorePlugin = {
  kind: "store",
  apiVersion,
  name: "webdav",
  origin: import.meta.url,
  protocols: ["webdav"],
  urlSchemes: [],
  keys: [
    {
      name: "endpoint",
      type: "string",
      required: true,
      description: "http(s) URL of an existing folder on the server",
    },
    { name: "location", type: "string", default: "", description: "Folder below the endpoint; may be empty" },
    { name: "username", type: "string", description: "Name for Basic authentication; without: none" },
    { name: "password", type: "string", secret: true, description: "Password for Basic authentication" },
  ],
  async open(spec: StoreSpec, { storeName }: StoreContext) {
    return await openWebdavStore({
      endpoint: spec["endpoint"] as string,
      location: spec["location"] as string,
      username: spec["username"] as string | undefined,
      password: spec["password"] as Secret | undefined,
      storeName,
    });
  },
};
