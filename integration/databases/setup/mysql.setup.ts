import type { TestProject } from "vitest/node";
import { dockerEngine } from "../../stores/servers/engine.ts";
import { startMysql } from "../servers/mysql.ts";
import { provideServer } from "./provide.ts";

export async function setup(project: TestProject): Promise<unknown> {
  return await provideServer(project, await dockerEngine(), startMysql);
}
