import type { CloudMultipart } from "@mortise/store-kit/cloud";

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html; a part is a buffer here, so never near its 5 GiB. */
export const limits: CloudMultipart["limits"] = { minPart: 5 * 1024 * 1024, maxPart: 5 * 1024 ** 3, maxParts: 10_000 };
