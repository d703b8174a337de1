// Uploads a file in parts: `upload.worker.ts <origin> <file> [<upload id to continue>]`. Prints a line of JSON when the
// upload has an id, after each part, and at the end.
import { openAsBlob } from "node:fs";
import { parseKey } from "@mortise/core";
import { uploadInParts } from "@mortise/store-kit";
import { openS3Store } from "@mortise/store-s3";
import { partBytes, resumedKey } from "./resume.ts";

const [origin = "", file = "", uploadId] = process.argv.slice(2);
const say = (what: object): void => console.log(JSON.stringify(what));
await using store = await openS3Store({
  endpoint: origin,
  bucket: "lab",
  credentials: { accessKeyId: "AKIALOOPBACK", secretAccessKey: "loopback-secret" },
});
await uploadInParts(store, parseKey(resumedKey), await openAsBlob(file), {
  partBytes,
  concurrency: 2,
  uploadId,
  onStarted: (id) => say({ id }),
  onProgress: ({ bytes }) => say({ bytes }),
});
say({ done: true });
