import type { TestProject } from "vitest/node";
import { dockerEngine } from "../../stores/servers/engine.ts";
import { startMysql } from "../servers/mysql.ts";
import { provideServer } from "./provide.ts";

export default async (project: TestProject): Promise<unknown> =>
  await provideServer(project, await dockerEngine(), startMysql);
