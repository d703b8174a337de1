import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeListed, encodeName, encodePart } from "../sign/encode.ts";
import {
  addDescription,
  headerText,
  md5OfEtag,
  metadataOf,
  quoted,
  textOfHeader,
  unquoted,
  versionOf,
} from "./fields.ts";

const site = { operation: "put", store: "s3" };
const md5 = "900150983cd24fb0d6963f7d28e17f72";

describe("header values", () => {
  it("carry any text and give it back, in printable ASCII", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const value = headerText(text);
        expect(value).toMatch(/^[\x21-\x7e](?: ?[\x21-\x7e])*$/);
        expect(textOfHeader(value)).toBe(text);
      }),
    );
  });

  it.each(["", " a", "a  b", "a ", "ä", "=?UTF-8?B?eA==?=", "a\nb"])("carry %j encoded", (text) => {
    expect(headerText(text)).toMatch(/^=\?UTF-8\?B\?/);
  });

  it.each(["a", "a b", "042", "a=b; c"])("carry %j as it is", (text) => {
    expect(headerText(text)).toBe(text);
  });

  it("of other forms are left alone", () => {
    for (const value of ["=?ISO-8859-1?Q?a?=", "=?", "=?UTF-8?B?*?="]) expect(textOfHeader(value)).toBe(value);
  });
});

describe("metadata", () => {
  it("goes into headers and comes back from them", () => {
    const headers: Record<string, string> = {};
    addDescription(site, headers, "text/plain; charset=utf-8", { subject: "042", who: "Zoë" });
    expect(headers["content-type"]).toBe("text/plain; charset=utf-8");
    expect(metadataOf(headers)).toEqual({ subject: "042", who: "Zoë" });
    expect(metadataOf({ etag: "x" })).toBeUndefined();
  });

  it.each(["Upper", "a b", "ä", ""])("of the name %j is refused, because another name would come back", (name) => {
    expect(() => addDescription(site, {}, undefined, { [name]: "x" })).toThrow(/can't keep metadata/);
  });

  it("never lets a content type begin another header", () => {
    expect(() => addDescription(site, {}, "a\r\nx-amz-acl: public-read", undefined)).toThrow(/no content type/);
  });
});

describe("an ETag", () => {
  it("is unquoted here and quoted on the wire, whichever form is given", () => {
    expect([unquoted('"a"'), unquoted("a"), quoted("a"), quoted('"a"'), quoted("*")]).toEqual([
      "a",
      "a",
      '"a"',
      '"a"',
      "*",
    ]);
  });

  it("is taken for an MD5 only where it can be one", () => {
    expect(md5OfEtag(md5)).toBe(md5);
    expect(md5OfEtag(md5, { "x-amz-server-side-encryption": "AES256" })).toBe(md5);
    expect(md5OfEtag(`${md5}-3`)).toBeUndefined();
    expect(md5OfEtag(md5, { "x-amz-server-side-encryption": "aws:kms" })).toBeUndefined();
    expect(md5OfEtag(md5, { "x-amz-server-side-encryption-customer-algorithm": "AES256" })).toBeUndefined();
  });
});

it("A version is none where the server says null", () => {
  expect([versionOf("null"), versionOf(undefined), versionOf("v1")]).toEqual([undefined, undefined, "v1"]);
});

describe("names in paths", () => {
  it("are encoded once, slashes kept, and listed names are decoded to the same", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (name) => {
        const encoded = encodeName(name);
        expect(encoded).toMatch(/^(?:[A-Za-z0-9\-_.~/]|%[0-9A-F]{2})*$/);
        expect(decodeURIComponent(encoded)).toBe(name);
        expect(decodeListed(encodePart(name))).toBe(name);
        expect(decodeListed(encodePart(name).replaceAll("%20", "+"))).toBe(name);
      }),
    );
  });
});
