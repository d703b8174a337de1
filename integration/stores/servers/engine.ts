// The Docker engine that all servers run in, and how one container is started.
import { type GenericContainer, getContainerRuntimeClient, ImageName, type StartedTestContainer } from "testcontainers";
import type { Requirement } from "../../support/machine.ts";

// Each container here is stopped by whoever started it. The reaper, which would do that for a killed process too, is one
// more image to pull, with the engine's socket mounted: who wants it sets the variable to false.
process.env["TESTCONTAINERS_RYUK_DISABLED"] ??= "true";

/** What tests on real servers need of the machine. */
export async function dockerEngine(): Promise<Requirement> {
  try {
    await getContainerRuntimeClient();
    return { met: true, reason: "" };
  } catch (error) {
    return { met: false, reason: `no Docker engine: ${(error as Error).message.split("\n")[0]}` };
  }
}

/** The address that published ports are reached at; a name would be ambiguous between IPv4 and IPv6. */
export async function engineHost(): Promise<string> {
  const { host } = (await getContainerRuntimeClient()).info.containerRuntime;
  return host === "localhost" ? "127.0.0.1" : host;
}

/** Starts a container and waits until it answers. Throws an error that names the image where there is none. */
export async function startContainer(image: string, container: GenericContainer): Promise<StartedTestContainer> {
  const client = await getContainerRuntimeClient();
  const name = ImageName.fromString(image);
  if (!(await client.image.exists(name))) {
    await client.image.pull(name).catch((cause: unknown) => {
      throw new Error(`image ${image} is not in the local Docker engine, and it could not be pulled`, { cause });
    });
  }
  return await container.start();
}

/** `http://host:port` of a started container, for the port that the server listens at. */
export async function originOf(container: StartedTestContainer, port: number): Promise<string> {
  return `http://${await engineHost()}:${container.getMappedPort(port)}`;
}
