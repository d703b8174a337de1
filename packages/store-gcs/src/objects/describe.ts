import type { OperationSite } from "@mortise/store-kit";
import { storeError } from "@mortise/store-kit";
import type { CloudWrite } from "@mortise/store-kit/cloud";
import { base64Of } from "../api/digests.ts";

/** What a request to write says of the object; digests in it are verified by the server before the object is there. */
export interface WriteResource {
  readonly name: string;
  readonly contentType: string;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly md5Hash?: string | undefined;
  readonly crc32c?: string | undefined;
}

/** The resource for a write. Throws `unsupported` for metadata that would not come back as it was given. */
export function describeWrite(name: string, call: CloudWrite): WriteResource {
  const { metadata, contentType = "application/octet-stream", expect, site } = call;
  if (metadata !== undefined) checkMetadata(site, metadata);
  if (/[^\t\x20-\x7e]/.test(contentType)) {
    throw storeError(site, "unsupported", "the content type has characters that no header can carry");
  }
  return {
    name,
    contentType,
    metadata,
    ...(expect?.md5 === undefined ? {} : { md5Hash: base64Of(expect.md5) }),
    ...(expect?.crc32c === undefined ? {} : { crc32c: base64Of(expect.crc32c) }),
  };
}

/** Metadata is stored as JSON, and comes back as headers when the object is read: it must survive both. */
function checkMetadata(site: OperationSite, metadata: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(metadata)) {
    if (!/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) {
      throw storeError(site, "unsupported", `${JSON.stringify(name)} can't be a name of metadata here`, {
        hint: "use lower-case letters, digits, hyphens and underscores: names come back as headers",
      });
    }
    if (!/^(?! )[\x20-\x7e]*(?<! )$/.test(value)) {
      throw storeError(site, "unsupported", `the metadata "${name}" has characters that no header can carry`, {
        hint: "encode the value, for example with encodeURIComponent, and leave no blanks at its ends",
      });
    }
  }
}
