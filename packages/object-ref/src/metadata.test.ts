import { describe, expect, it } from "vitest";
import { parseMetadata } from "./metadata.ts";

describe("parseMetadata", () => {
  it("O20: accepts metadata without a size, which is then unknown", () => {
    expect(parseMetadata({ path: "p" })).toMatchObject({ path: "p", size: null, store: null, isDir: false });
  });

  it("O21: reads a timestamp with Z as UTC", () => {
    expect(parseMetadata({ path: "p", timestamp: "2025-01-15T10:30:00Z" }).timestamp?.getTime()).toBe(
      Date.UTC(2025, 0, 15, 10, 30),
    );
  });

  it("O22: answers null for a timestamp that is none, and keeps the rest", () => {
    expect(parseMetadata({ path: "p", size: 3, timestamp: "yesterday" })).toMatchObject({ size: 3, timestamp: null });
  });

  it("reads text, extensions with and without a dot, and ignores unknown keys", () => {
    expect(parseMetadata('{"path":"p","ext":"txt","size":1,"shape":[2]}').ext).toBe(".txt");
    expect(parseMetadata({ path: "p", ext: "" }).ext).toBeNull();
  });

  it.each([null, 5, "{}", "not json", { size: 3 }])("refuses %j as corrupt", (stored) => {
    expect(() => parseMetadata(stored)).toThrow(expect.objectContaining({ code: "corrupt" }));
  });
});
