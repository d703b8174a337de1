import { GenericContainer } from "testcontainers";
import { startContainer } from "../../stores/servers/engine.ts";
import { runContainer } from "./container.ts";
import { password, type RunningServer } from "./running-server.ts";

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
  return await runContainer(container, { name, backend: "postgresql", port, user: "postgres" });
}
