import type { StorePlugin } from "@mortise/core";
import type { ServerDefect } from "@mortise/store-testkit";
import { dockerEngine } from "../servers/engine.ts";
import { openPlace } from "../servers/open-place.ts";
import type { StoreServer } from "../servers/place.ts";
import type { Subject } from "./suite.ts";

/** A plugin's store in a bucket of its own, on a server in a container. */
export async function onServer(
  name: string,
  plugin: StorePlugin,
  startServer: () => Promise<StoreServer>,
  defects?: readonly ServerDefect[],
): Promise<Subject> {
  return {
    name,
    needs: await dockerEngine(),
    defects,
    async start() {
      const server = await startServer();
      const place = await server.createPlace();
      return {
        open: () => openPlace(plugin, place, "lab/conformance"),
        [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
      };
    },
  };
}
