import { setTimeout as sleep } from "node:timers/promises";
import type { TestServer } from "../../../packages/schema/test/database/provided.ts";

/** A server that runs until it is disposed. */
export interface RunningServer extends AsyncDisposable {
  readonly server: TestServer;
  /** Ends it without warning and starts it again on the same data, where it was started to keep them. Its port may change. */
  restart(): Promise<TestServer>;
}

/** What every server of the tests is started with; nothing else than these tests reaches it. */
export const password = "a-secret-of-the-tests";

const patienceMs = 120_000;

/** Tries until the server answers; throws the last error when it does not within two minutes, or when it is over. */
export async function untilAnswered(name: string, ask: () => Promise<unknown>, over?: () => string): Promise<void> {
  for (const started = performance.now(); ; await sleep(200)) {
    try {
      await ask();
      return;
    } catch (cause) {
      const ended = over?.() ?? "";
      if (ended !== "") throw new Error(`${name} ended before it answered: ${ended}`, { cause });
      if (performance.now() - started > patienceMs) throw new Error(`${name} does not answer`, { cause });
    }
  }
}
