import type { TestProject } from "vitest/node";
import { dockerEngine } from "../../stores/servers/engine.ts";
import { startPostgres } from "../servers/postgres.ts";
import { provideServer } from "./provide.ts";

export async function setup(project: TestProject): Promise<unknown> {
  return await provideServer(project, await dockerEngine(), startPostgres);
}
