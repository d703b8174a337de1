import { errorXml, type Operation } from "../message.ts";
import { isFramed } from "../operations/framing.ts";
import { answering, type Fault, onlyFor, without } from "./fault.ts";

const internalError = () => errorXml("InternalError", "We encountered an internal error. Please try again.");

/** Status 200, an error in the body, and nothing done: what S3 does when something fails after it began to answer. */
const errorIn200 = (name: string, operation: Operation): Fault => onlyFor([operation], answering(name, internalError));

export const errorIn200Put: Fault = errorIn200("error-in-200-of-put", "PutObject");
export const errorIn200Part: Fault = errorIn200("error-in-200-of-part", "UploadPart");
export const errorIn200Complete: Fault = errorIn200("error-in-200-of-complete", "CompleteMultipartUpload");
export const errorIn200Copy: Fault = errorIn200("error-in-200-of-copy", "CopyObject");
export const errorIn200DeleteMany: Fault = errorIn200("error-in-200-of-delete-many", "DeleteObjects");

/** The answer of a bulk delete lacks its first key, which was not deleted either. */
export const forgetsKeysOfDeleteMany: Fault = onlyFor(
  ["DeleteObjects"],
  answering("forgets-keys-of-delete-many", (request, next) => {
    const body = Buffer.from(request.body.toString().replace(/<Object>.*?<\/Object>/s, ""));
    const digests = Object.keys(request.headers).filter((name) => /^x-amz-(?:sdk-)?checksum-/.test(name));
    return next({ ...without(request, "content-md5", "x-amz-content-sha256", ...digests), body });
  }),
);

/** Framed bodies are stored with their frames. */
export const storesFraming: Fault = answering("stores-aws-chunked-framing", (request, next) =>
  next(isFramed(request) ? without(request, "x-amz-content-sha256", "content-encoding") : request),
);
