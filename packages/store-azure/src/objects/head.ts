import type { CloudCall, CloudObject } from "@mortise/store-kit/cloud";
import { answerError } from "../errors.ts";
import { lengthOf, objectOf } from "./answer.ts";
import type { Container } from "./container.ts";
import { sendBlob } from "./container.ts";

/** Get Blob Properties: https://learn.microsoft.com/rest/api/storageservices/get-blob-properties */
export async function headBlob(container: Container, name: string, call: CloudCall): Promise<CloudObject> {
  const { site } = call;
  const answer = await sendBlob(container, "HEAD", name, call, {});
  if (answer.status !== 200) throw answerError(site, answer);
  return objectOf(container, name, answer.headers, lengthOf(site, answer.headers));
}
