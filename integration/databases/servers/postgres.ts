import { GenericContainer } from "testcontainers";
import { engineHost, startContainer } from "../../stores/servers/engine.ts";
import { askServer } from "./ask.ts";
import { password, type RunningServer, untilAnswered } from "./running-server.ts";

const name = "postgres:18";
const port = 5432;

/** PostgreSQL in a container that waits for no disk: nothing here outlives it. */
export async function startPostgres(): Promise<RunningServer> {
  const container = await startContainer(
    name,
    new GenericContainer(name)
      .withEnvironment({ POSTGRES_PASSWORD: password })
      .withCommand(["postgres", "-c", "fsync=off"])
      .withExposedPorts(port),
  );
  const server = {
    name,
    backend: "postgresql",
    host: await engineHost(),
    port: container.getMappedPort(port),
    user: "postgres",
    password,
  } as const;
  const stop = async (): Promise<void> => {
    await container.stop();
  };
  await untilAnswered(name, () => askServer(server, "select 1")).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { server, [Symbol.asyncDispose]: stop };
}
