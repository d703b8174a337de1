import { writeFile } from "node:fs/promises";
import { loadConfig } from "@mortise/core/node";
import { openProject } from "@mortise/schema";
import { expect } from "vitest";
import { startPython } from "../client/worker.ts";
import { plugins } from "../environment/lab.ts";
import { onBothDatabases } from "../environment/scenarios.ts";

onBothDatabases("configuration", ({ scenario }) => {
  scenario("one folder gives both languages the same database and stores", async ({ project, python, server }) => {
    const { host, port, user } = server;
    const settings = [
      "database.host",
      "database.port",
      "database.user",
      "database.backend",
      "stores.default",
      "download_path",
    ];
    expect(settings.map((key) => project.config.get(key))).toEqual([
      host,
      port,
      user,
      server.backend,
      "main",
      expect.anything(),
    ]);
    expect(await python.run("[dj.config[key] for key in settings]", { settings })).toEqual(
      settings.map((key) => project.config.get(key)),
    );
    const names = ["main", "raw"];
    const seen = await python.run("[dj.config.get_store_spec(name)['location'] for name in names]", { names });
    expect(seen).toEqual(names.map((name) => project.config.storeSpec(name)["location"]));
  });

  scenario("DJ_* variables lead both languages to the same server, whatever the file says", async (lab) => {
    const { host, port, user, password, backend } = lab.server;
    const environment = {
      DJ_HOST: host,
      DJ_PORT: String(port),
      DJ_USER: user,
      DJ_PASS: password,
      DJ_BACKEND: backend,
      ...(backend === "postgresql" ? { DJ_USE_TLS: "false" } : {}),
      DJ_STORES: JSON.stringify({ default: "main", main: { protocol: "file", location: lab.path("main") } }),
    };
    const folder = lab.path("downloads");
    const wrong = { database: { host: "nowhere.invalid", port: 1, user: "nobody", backend: "mysql" } };
    await writeFile(lab.path("downloads", "datajoint.json"), JSON.stringify(wrong));
    const name = lab.name("environment");
    await using python = startPython(lab.interpreter, folder, environment);
    const config = await loadConfig({ directory: folder, environment, plugins });
    await using project = await openProject({ config, plugins });
    const T = project.schema(name).manual("T", "id : int32\n---\nvalue : <blob@main>");
    await T.insertOne({ id: 1, value: [1, 2] });
    expect(await python.run("rows(spawn(name).T)", { name })).toEqual([{ id: 1, value: [1, 2] }]);
  });
});
