import { GenericContainer } from "testcontainers";
import { startContainer } from "../../stores/servers/engine.ts";
import { runContainer } from "./container.ts";
import { password, type RunningServer } from "./running-server.ts";

const name = "mysql:9.7";
const port = 3306;

/** MySQL in a container, its data in memory unless they have to be there after a restart: nothing outlives it. */
export async function startMysql(options: { readonly keepsData?: boolean } = {}): Promise<RunningServer> {
  const container = await startContainer(
    name,
    new GenericContainer(name)
      .withEnvironment({ MYSQL_ROOT_PASSWORD: password })
      .withTmpFs(options.keepsData === true ? {} : { "/var/lib/mysql": "rw,mode=1777" })
      .withCommand([
        "mysqld",
        "--performance-schema=OFF",
        "--innodb-buffer-pool-size=128M",
        "--innodb-flush-log-at-trx-commit=2",
        "--skip-log-bin",
      ])
      .withExposedPorts(port),
  );
  return await runContainer(container, { name, backend: "mysql", port, user: "root" });
}
