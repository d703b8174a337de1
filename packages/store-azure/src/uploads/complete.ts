import { isStoreError } from "@mortise/core";
import { storeError } from "@mortise/store-kit";
import type { CloudPart, CloudWritten } from "@mortise/store-kit/cloud";
import type { Container } from "../objects/container.ts";
import { refusalByTarget } from "../objects/refusal.ts";
import { uploadedParts } from "./block-list.ts";
import type { Commit } from "./commit.ts";
import { commitBlocks } from "./commit.ts";

/** Commits an upload that is still open and has all its parts: the service would commit those of an aborted one too. */
export async function completeUpload(
  container: Container,
  name: string,
  id: string,
  parts: readonly CloudPart[],
  call: Commit,
): Promise<CloudWritten> {
  const there = await openParts(container, name, id, call);
  for (const { number, token, size } of parts) {
    // An empty part is no block.
    if (size === 0 || there.get(token) === size) continue;
    throw storeError(call.site, "not-found", `part ${number} of ${size} bytes is not there`);
  }
  return await commitBlocks(container, name, parts, call);
}

async function openParts(
  container: Container,
  name: string,
  id: string,
  call: Commit,
): Promise<ReadonlyMap<string, number>> {
  try {
    return new Map((await uploadedParts(container, name, id, call)).map(({ token, size }) => [token, size]));
  } catch (error) {
    // Whoever wrote the object has discarded the blocks, and then the condition says what is wrong.
    throw isStoreError(error, "not-found") ? await refusalByTarget(container, name, call, error) : error;
  }
}
