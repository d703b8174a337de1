import { isStoreError } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { storeError } from "@mortise/store-kit";
import type { CloudDelete } from "@mortise/store-kit/cloud";
import type { GcsApi } from "../api/api.ts";
import { failure } from "../api/api.ts";
import { checkGeneration } from "../api/conditions.ts";
import type { Asked } from "../errors.ts";
import { headObject } from "./head.ts";

/**
 * With `ifMatch` the generation is named as well: Google refuses by the condition, emulators that ignore conditions find no
 * such generation, and no other one can be removed.
 */
export async function deleteObject(api: GcsApi, name: string, call: CloudDelete): Promise<"deleted" | "absent"> {
  const { site, signal, ifMatch } = call;
  const generation = ifMatch === undefined ? undefined : checkGeneration(site, ifMatch);
  const asked: Asked = { site };
  const answer = await api.ask({
    method: "DELETE",
    path: api.paths.object(name) + (generation === undefined ? "" : fence(generation)),
    asked,
    signal,
  });
  if (answer.status >= 200 && answer.status < 300) {
    await answer.release();
    return "deleted";
  }
  const error = await failure(asked, answer);
  if (!isStoreError(error, "not-found")) throw error;
  if (generation === undefined || !(await isThere(api, name, call))) return "absent";
  throw storeError(site, "precondition-failed", "the object was overwritten", { status: 412 });
}

/** Removes what a failed check has found to be wrong, and nothing newer. False where it was not there. */
export async function deleteGeneration(
  api: GcsApi,
  site: OperationSite,
  name: string,
  generation: string,
): Promise<boolean> {
  const asked: Asked = { site };
  const answer = await api.ask({ method: "DELETE", path: api.paths.object(name) + fence(generation), asked });
  await answer.release();
  return answer.status >= 200 && answer.status < 300;
}

const fence = (generation: string): string => `&generation=${generation}&ifGenerationMatch=${generation}`;

async function isThere(api: GcsApi, name: string, call: CloudDelete): Promise<boolean> {
  try {
    await headObject(api, name, call);
    return true;
  } catch (error) {
    if (isStoreError(error, "not-found")) return false;
    throw error;
  }
}
