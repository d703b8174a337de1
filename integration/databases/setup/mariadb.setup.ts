import type { TestProject } from "vitest/node";
import { debianMariadb, startMariadb } from "../servers/mariadb.ts";
import { provideServer } from "./provide.ts";

export async function setup(project: TestProject): Promise<unknown> {
  return await provideServer(project, debianMariadb, startMariadb);
}
