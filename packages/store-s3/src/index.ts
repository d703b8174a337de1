export type { S3CredentialProvider, S3Credentials } from "./connect/identity.ts";
export type { ChecksumMode, InjectedS3Client, S3StoreOptions } from "./options.ts";
export { s3Store } from "./plugin.ts";
export { openS3Store } from "./store.ts";
