import { inject } from "vitest";

/** A server that a vitest project has started: what a test needs to connect to it. */
export interface TestServer {
  /** With its version, as reports name it: `mysql:9.7`. */
  readonly name: string;
  readonly backend: "mysql" | "postgresql";
  readonly host: string;
  readonly port: number;
  /** May create and drop databases. */
  readonly user: string;
  readonly password: string;
}

declare module "vitest" {
  interface ProvidedContext {
    /** The server that the tests of this project run on; without one they run on SQLite. */
    server?: TestServer;
  }
}

/** The server of the running vitest project. */
export function testServer(): TestServer | undefined {
  return inject("server");
}

/** What the tests run on: for expectations that differ by database, which stand beside each other in a test's table. */
export const backend: "sqlite" | "mysql" | "postgresql" = testServer()?.backend ?? "sqlite";

/** Picks the expectation of the database that the tests run on. */
export function onBackend<T>(expected: Readonly<Record<typeof backend, T>>): T {
  return expected[backend];
}
