import type { Bucket } from "../bucket.ts";
import {
  emptyAnswer,
  errorAnswer,
  type Operation,
  type S3Answer,
  type S3Head,
  type S3Request,
  xmlAnswer,
} from "../message.ts";
import { listObjects } from "./listing.ts";
import {
  abortUpload,
  completeUpload,
  createUpload,
  listParts,
  listUploads,
  uploadPart,
  uploadPartCopy,
} from "./multipart.ts";
import { read } from "./read.ts";
import { copyObject, deleteObject, deleteObjects, putObject } from "./write.ts";

/** Sub-resources that change what a request is; another of these is refused and not taken for the object itself. */
const subResources = [
  "uploads",
  "uploadId",
  "delete",
  "location",
  "versioning",
  "list-type",
  "acl",
  "tagging",
  "versions",
];

const table: Readonly<Record<string, Operation>> = {
  "PUT object": "PutObject",
  "PUT object copy": "CopyObject",
  "PUT object uploadId": "UploadPart",
  "PUT object uploadId copy": "UploadPartCopy",
  "GET object": "GetObject",
  "HEAD object": "HeadObject",
  "DELETE object": "DeleteObject",
  "POST object uploads": "CreateMultipartUpload",
  "POST object uploadId": "CompleteMultipartUpload",
  "DELETE object uploadId": "AbortMultipartUpload",
  "GET object uploadId": "ListParts",
  "GET bucket uploads": "ListMultipartUploads",
  "GET bucket list-type": "ListObjectsV2",
  "POST bucket delete": "DeleteObjects",
  "HEAD bucket": "HeadBucket",
  "GET bucket location": "GetBucketLocation",
  "GET bucket versioning": "GetBucketVersioning",
};

function operationOf(method: string, key: string, query: URLSearchParams, headers: S3Head["headers"]): Operation {
  const sub = query.size === 0 ? [] : subResources.filter((name) => query.has(name));
  const copy = headers["x-amz-copy-source"] === undefined ? [] : ["copy"];
  return table[[method, key === "" ? "bucket" : "object", ...sub, ...copy].join(" ")] ?? "Unknown";
}

const noQuery = new URLSearchParams();

/** A request's head from its first line and headers; path style. */
export function parseHead(method: string, target: string, headers: S3Head["headers"]): S3Head {
  const mark = target.indexOf("?");
  const path = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? noQuery : new URLSearchParams(target.slice(mark + 1).replaceAll("+", "%2B"));
  const slash = path.indexOf("/", 1);
  const bucket = slash < 0 ? path.slice(1) : path.slice(1, slash);
  const key = slash < 0 ? "" : decodeURIComponent(path.slice(slash + 1));
  return { operation: operationOf(method, key, query, headers), method, bucket, key, path, query, headers };
}

type Perform = (bucket: Bucket, request: S3Request, region: string) => S3Answer;

const operations: Readonly<Record<Operation, Perform>> = {
  PutObject: putObject,
  GetObject: read,
  HeadObject: read,
  DeleteObject: deleteObject,
  CopyObject: copyObject,
  DeleteObjects: deleteObjects,
  ListObjectsV2: (bucket, request) => listObjects(bucket, request),
  CreateMultipartUpload: createUpload,
  UploadPart: uploadPart,
  UploadPartCopy: uploadPartCopy,
  CompleteMultipartUpload: completeUpload,
  AbortMultipartUpload: abortUpload,
  ListParts: listParts,
  ListMultipartUploads: listUploads,
  HeadBucket: (_, __, region) => emptyAnswer(200, { "x-amz-bucket-region": region }),
  GetBucketLocation: (_, __, region) => xmlAnswer("LocationConstraint", region),
  GetBucketVersioning: () => xmlAnswer("VersioningConfiguration"),
  Unknown: (_, { method, path }) => errorAnswer(501, "NotImplemented", `${method} ${path} is not implemented`),
};

/** What the server does when nothing is wrong with it. */
export function perform(bucket: Bucket, region: string, request: S3Request): S3Answer {
  if (request.bucket !== bucket.name) return errorAnswer(404, "NoSuchBucket", "The specified bucket does not exist");
  return operations[request.operation](bucket, request, region);
}
