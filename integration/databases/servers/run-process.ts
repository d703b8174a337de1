import type { TestServer } from "../../../packages/schema/test/database/provided.ts";
import { askServer } from "./ask.ts";
import type { ServerProcess } from "./process.ts";
import { type RunningServer, untilAnswered } from "./running-server.ts";

/** Waits until a server that runs as a process answers; ends the process where it does not. */
export async function runProcess(
  running: ServerProcess,
  server: TestServer,
  crashSignal: NodeJS.Signals,
): Promise<RunningServer> {
  const untilReady = () =>
    untilAnswered(
      server.name,
      () => askServer(server, "select 1"),
      () => running.ended(),
    );
  await untilReady().catch(async (error: unknown) => {
    await running[Symbol.asyncDispose]();
    throw error;
  });
  return {
    server,
    async restart() {
      await running.restart(crashSignal);
      await untilReady();
      return server;
    },
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}
