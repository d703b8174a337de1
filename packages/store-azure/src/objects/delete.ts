import { isStoreError } from "@mortise/core";
import type { CloudDelete } from "@mortise/store-kit/cloud";
import { answerError } from "../errors.ts";
import type { Container } from "./container.ts";
import { sendBlob } from "./container.ts";
import { refusalOf } from "./refusal.ts";

/** Delete Blob: https://learn.microsoft.com/rest/api/storageservices/delete-blob. Snapshots are never deleted with it. */
export async function deleteBlob(container: Container, name: string, call: CloudDelete): Promise<"deleted" | "absent"> {
  const { site, ifMatch } = call;
  const headers: Record<string, string> = {};
  if (ifMatch !== undefined) headers["if-match"] = ifMatch;
  const answer = await sendBlob(container, "DELETE", name, call, headers);
  if (answer.status === 202 || answer.status === 200) return "deleted";
  const error = answerError(site, answer);
  if (ifMatch !== undefined) throw refusalOf(site, { ifMatch }, error);
  if (isStoreError(error, "not-found")) return "absent";
  throw error;
}
