import type { TestProject } from "vitest/node";
import { debianPostgres, startPostgres15 } from "../servers/postgres-15.ts";
import { provideServer } from "./provide.ts";

export default async (project: TestProject): Promise<unknown> =>
  await provideServer(project, debianPostgres, startPostgres15);
