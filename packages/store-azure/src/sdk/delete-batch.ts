import type { BatchSubResponse, BlobBatch } from "@azure/storage-blob";
import { isStoreError } from "@mortise/core";
import type { CloudCall } from "@mortise/store-kit/cloud";
import { answerError } from "../errors.ts";
import type { Container } from "../objects/container.ts";
import { encodeName } from "../wire/names.ts";
import { containerClient, containerUrl, loadSdk } from "./clients.ts";
import type { SasSigner } from "./sas.ts";

type Outcome = "deleted" | "absent" | Error;

/** Names per request (https://learn.microsoft.com/rest/api/storageservices/blob-batch). */
export const maxBatch = 256;
/** The requests inside a batch carry signatures of their own; these need not outlive it for long. */
const signatureMs = 30 * 60_000;

/** Blob Batch: an answer for each name that the service answered. */
export async function deleteBatch(
  container: Container,
  sign: SasSigner,
  names: readonly string[],
  call: CloudCall,
): Promise<ReadonlyMap<string, Outcome>> {
  const client = await containerClient(container, call);
  const batches = client.getBlobBatchClient();
  const batch = batches.createBatch();
  const add = await adder(container, sign, batch, call);
  for (const name of names) await add(name);
  const { subResponses } = await batches.submitBatch(batch);
  const outcomes = new Map<string, Outcome>();
  for (const [index, name] of names.entries()) {
    const answer = subResponses[index];
    // A name without an answer is asked for by who called.
    if (answer !== undefined) outcomes.set(name, outcomeOf(call, answer));
  }
  return outcomes;
}

/** Adds names with what each of their requests needs: a token of its own, or a signature in its query. */
async function adder(
  container: Container,
  sign: SasSigner,
  batch: BlobBatch,
  call: CloudCall,
): Promise<(name: string) => Promise<void>> {
  const { AnonymousCredential } = await loadSdk();
  const { authorizer } = container.wire.account;
  const url = (name: string): string => `${containerUrl(container)}/${encodeName(name)}`;
  if (authorizer.bearer !== undefined) {
    const token = await authorizer.bearer(call.site);
    const credential = { getToken: () => Promise.resolve({ token, expiresOnTimestamp: Date.now() + signatureMs }) };
    return (name) => batch.deleteBlob(url(name), credential);
  }
  const query =
    authorizer.sign === undefined
      ? authorizer.query
      : await sign(call, { permissions: "d", expiresOn: new Date(Date.now() + signatureMs) });
  return (name) => batch.deleteBlob(`${url(name)}?${query}`, new AnonymousCredential());
}

function outcomeOf({ site }: CloudCall, { status, errorCode }: BatchSubResponse): Outcome {
  if (status >= 200 && status < 300) return "deleted";
  const headers = { "x-ms-error-code": errorCode?.trim() };
  const error = answerError(site, { status, headers, bytes: undefined });
  return isStoreError(error, "not-found") ? "absent" : error;
}
