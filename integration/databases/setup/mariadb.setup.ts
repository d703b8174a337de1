import type { TestProject } from "vitest/node";
import { debianMariadb, startMariadb } from "../servers/mariadb.ts";
import { provideServer } from "./provide.ts";

export default async (project: TestProject): Promise<unknown> =>
  await provideServer(project, debianMariadb, startMariadb);
