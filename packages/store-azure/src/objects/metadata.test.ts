import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addMetadata, decodeMetadataName, encodeMetadataName, encodeMetadataValue, readMetadata } from "./metadata.ts";

describe("metadata", () => {
  it.each([
    ["subject", "subject"],
    ["is_directory", "is_directory"],
    ["hash-md5", "hash_x002d_md5"],
    ["Subject", "_x0053_ubject"],
    ["1st", "_x0031_st"],
    ["_x002d_", "_x005f_x002d_"],
    ["ü", "_x00fc_"],
    ["", ""],
  ])("writes the name %j as the identifier %j", (name, identifier) => {
    expect(encodeMetadataName(name)).toBe(identifier);
    expect(decodeMetadataName(identifier)).toBe(name);
  });

  it("writes plain values as they are, and others as encoded words", () => {
    expect(encodeMetadataValue("subject 042 (left)")).toBe("subject 042 (left)");
    expect(encodeMetadataValue(" ü")).toBe("=?UTF-8?B?IMO8?=");
    expect(encodeMetadataValue("")).toBe("=?UTF-8?B??=");
  });

  it("comes back as it was given, whatever it is", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }).map((value) => value.toWellFormed()),
      fc
        .array(fc.constantFrom("_", "x", "0", "0041", "_x0041_", "-", "A", " ", "=?UTF-8?B?QQ==?="), { maxLength: 8 })
        .map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(
        fc.dictionary(
          text.filter((name) => name !== ""),
          text,
        ),
        (metadata) => {
          const headers: Record<string, string> = {};
          addMetadata(headers, metadata);
          for (const [name, value] of Object.entries(headers)) {
            expect(name).toMatch(/^x-ms-meta-[a-z_][a-z0-9_]*$/);
            expect(value).toMatch(/^[!-~]([ -~]*[!-~])?$/);
          }
          expect(readMetadata({ ...headers, etag: "x" }) ?? {}).toEqual(metadata);
        },
      ),
    );
  });
});
