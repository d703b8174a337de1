import { isStoreError } from "@mortise/core";
import type { CloudCall, CloudPart } from "@mortise/store-kit/cloud";
import { unknownUpload } from "../errors.ts";
import type { Container } from "../objects/container.ts";
import { containerClient } from "../sdk/clients.ts";
import type { BlockName } from "./upload-id.ts";
import { abortMark, openMark, parseBlockId } from "./upload-id.ts";

/** A block of some upload that has not been committed. */
type OpenBlock = BlockName & CloudPart;

/**
 * The parts of one upload by number, also what was sent as the same part before with other bytes. Throws `not-found` for
 * an upload that was completed, aborted, or never begun.
 */
export async function uploadedParts(
  container: Container,
  name: string,
  id: string,
  call: CloudCall,
): Promise<readonly CloudPart[]> {
  const blocks = (await openBlocks(container, name, call)).filter((block) => block.id === id);
  const has = (mark: number): boolean => blocks.some(({ number }) => number === mark);
  if (!has(openMark) || has(abortMark)) throw unknownUpload(call.site);
  return blocks.filter(({ number }) => number !== openMark).sort((left, right) => left.number - right.number);
}

/** Ids of the uploads of one blob that can be continued. */
export async function openUploads(container: Container, name: string, call: CloudCall): Promise<readonly string[]> {
  const blocks = await openBlocks(container, name, call);
  const aborted = new Set(blocks.filter(({ number }) => number === abortMark).map(({ id }) => id));
  const begun = blocks.filter(({ number, id }) => number === openMark && !aborted.has(id));
  return [...new Set(begun.map(({ id }) => id))];
}

/** Get Block List, uncommitted: https://learn.microsoft.com/rest/api/storageservices/get-block-list */
async function openBlocks(container: Container, name: string, call: CloudCall): Promise<readonly OpenBlock[]> {
  const client = await containerClient(container, call);
  try {
    const { uncommittedBlocks = [] } = await client.getBlockBlobClient(name).getBlockList("uncommitted");
    return uncommittedBlocks.flatMap(({ name: token, size }) => {
      const block = parseBlockId(token);
      return block === undefined ? [] : [{ ...block, size, token }];
    });
  } catch (error) {
    // Neither a blob nor a block of that name.
    if (isStoreError(error, "not-found")) return [];
    throw error;
  }
}
