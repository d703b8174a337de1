export type ChecksumAlgorithm = "md5" | "crc32c" | "sha256" | "crc64nvme";

/** Lower-case hexadecimal digests. */
export type Checksums = Readonly<Partial<Record<ChecksumAlgorithm, string>>>;
