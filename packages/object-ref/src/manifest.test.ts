import { describe, expect, it } from "vitest";
import { formatManifest, parseManifest } from "./manifest.ts";

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe("the manifest of a folder", () => {
  it("lists files sorted by path, with their sum and number, as Python's reader expects them", () => {
    const files = [
      { path: "sub/f2", size: 2 },
      { path: "a", size: 1, hash: "x" },
    ];
    const manifest = JSON.parse(text(formatManifest(files, "2026-01-02T03:04:05.000000+00:00"))) as object;
    expect(manifest).toEqual({
      files: [
        { path: "a", size: 1, hash: "x" },
        { path: "sub/f2", size: 2 },
      ],
      total_size: 3,
      item_count: 2,
      created: "2026-01-02T03:04:05.000000+00:00",
    });
  });

  it("is read from any writer's file, whatever the order and extra keys", () => {
    const bytes = new TextEncoder().encode(
      '{"files":[{"path":"b","size":2,"mode":7},{"path":"a","size":1}],"total_size":3}',
    );
    expect(parseManifest(bytes, "p").totalSize).toBe(3);
  });

  it.each(["", "[]", "{}", '{"files":[{"path":1,"size":2}]}', "\u00ff"])("refuses %j as corrupt", (content) => {
    expect(() => parseManifest(new TextEncoder().encode(content), "p/x")).toThrow(/manifest of p\/x/);
  });
});
