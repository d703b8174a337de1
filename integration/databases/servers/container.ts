import type { StartedTestContainer } from "testcontainers";
import type { TestServer } from "../../../packages/schema/test/database/provided.ts";
import { engineHost } from "../../stores/servers/engine.ts";
import { askServer } from "./ask.ts";
import { password, type RunningServer, untilAnswered } from "./running-server.ts";

/** Waits until the server in a container answers; stops the container where it does not. */
export async function runContainer(
  container: StartedTestContainer,
  options: Pick<TestServer, "name" | "backend" | "port" | "user">,
): Promise<RunningServer> {
  const stop = async (): Promise<void> => {
    await container.stop();
  };
  const ready = async (): Promise<TestServer> => {
    const server = { ...options, host: await engineHost(), port: container.getMappedPort(options.port), password };
    await untilAnswered(options.name, () => askServer(server, "select 1"));
    return server;
  };
  const server = await ready().catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return {
    server,
    async restart() {
      await container.restart({ timeout: 0 });
      return await ready();
    },
    [Symbol.asyncDispose]: stop,
  };
}
