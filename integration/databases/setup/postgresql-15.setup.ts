import type { TestProject } from "vitest/node";
import { debianPostgres, startPostgres15 } from "../servers/postgres-15.ts";
import { provideServer } from "./provide.ts";

export async function setup(project: TestProject): Promise<unknown> {
  return await provideServer(project, debianPostgres, startPostgres15);
}
