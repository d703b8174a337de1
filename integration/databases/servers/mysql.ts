import { GenericContainer } from "testcontainers";
import { engineHost, startContainer } from "../../stores/servers/engine.ts";
import { askServer } from "./ask.ts";
import { password, type RunningServer, untilAnswered } from "./running-server.ts";

const name = "mysql:9.7";
const port = 3306;

/** MySQL in a container, its data in memory: nothing here outlives it. */
export async function startMysql(): Promise<RunningServer> {
  const container = await startContainer(
    name,
    new GenericContainer(name)
      .withEnvironment({ MYSQL_ROOT_PASSWORD: password })
      .withTmpFs({ "/var/lib/mysql": "rw,mode=1777" })
      .withCommand([
        "mysqld",
        "--performance-schema=OFF",
        "--innodb-buffer-pool-size=128M",
        "--innodb-flush-log-at-trx-commit=2",
        "--skip-log-bin",
      ])
      .withExposedPorts(port),
  );
  const server = {
    name,
    backend: "mysql",
    host: await engineHost(),
    port: container.getMappedPort(port),
    user: "root",
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
