import { Secret, silentLogger } from "@mortise/core";
import { createConfig } from "@mortise/core/config";
import { fileStore } from "@mortise/store-file";
import { afterEach, describe, expect, it, vi } from "vitest";
import { consoleLogger } from "./console-logger.ts";
import { openProject } from "./open-project.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

function lines(event: string, fields?: object): unknown[][] {
  const warn = vi.spyOn(console, "warn").mockReturnValue(undefined);
  consoleLogger.warn(event, fields);
  consoleLogger.debug(event, fields);
  return warn.mock.calls;
}

describe("consoleLogger", () => {
  it("prints a warning as one line, and nothing else", () => {
    const error = Object.assign(new Error("the network\nis away"), { name: "TypeError" });
    expect(
      lines("objects.cleanup-failed", { key: "_schema/a/x", size: 5, empty: "", missing: undefined, error }),
    ).toEqual([
      [
        'mortise: objects.cleanup-failed key=_schema/a/x size=5 empty="" missing=undefined error="TypeError: the network\\nis away"',
      ],
    ]);
  });

  it("shows no secret", () => {
    expect(lines("x", { secret: new Secret("hunter2") })).toEqual([["mortise: x secret=[secret]"]]);
  });

  it("is what a project without a logger uses", async () => {
    const warn = vi.spyOn(console, "warn").mockReturnValue(undefined);
    const stores = { default: "main", main: { protocol: "file", location: "relative" } };
    const config = createConfig({ plugins: [fileStore], directory: "/lab", options: { stores } });
    await (await openProject({ plugins: [fileStore], config })).close();
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/^mortise: config\.warning message=".*relative/)]]);
    await (await openProject({ plugins: [fileStore], config, logger: silentLogger })).close();
    expect(warn.mock.calls).toHaveLength(1);
  });
});
