export type { DownloadOptions } from "./download.ts";
export { IntegrityError } from "./errors.ts";
export type { FolderFile, ListingOptions, WalkEntry } from "./listing.ts";
export type { OpenReference } from "./location.ts";
export { formatManifest, type Manifest, type ManifestFile, manifestSuffix, parseManifest } from "./manifest.ts";
export { type ObjectFields, parseMetadata } from "./metadata.ts";
export { isObjectRef, ObjectRef, type ReadOptions } from "./object-ref.ts";
export { formatTimestamp, parseTimestamp } from "./timestamp.ts";
export type { VerifyOptions, VerifyResult } from "./verify.ts";
