import type { ConformanceCase } from "./case.ts";
import { abortCases } from "./cases/abort.ts";
import { checksumCases } from "./cases/checksums.ts";
import { closeCases } from "./cases/close.ts";
import { concurrencyCases } from "./cases/concurrency.ts";
import { conditionCases } from "./cases/conditions.ts";
import { durableCases } from "./cases/durable.ts";
import { folderCases } from "./cases/folders.ts";
import { getCases } from "./cases/get.ts";
import { handleCases } from "./cases/handles.ts";
import { keyCases } from "./cases/keys.ts";
import { largeCases } from "./cases/large.ts";
import { listCases } from "./cases/list.ts";
import { listOwnCases } from "./cases/list-own.ts";
import { metadataCases } from "./cases/metadata.ts";
import { multipartCases } from "./cases/multipart.ts";
import { multipartConditionCases } from "./cases/multipart-conditions.ts";
import { multipartLifeCases } from "./cases/multipart-life.ts";
import { prepareCases } from "./cases/prepare.ts";
import { presignCases } from "./cases/presign.ts";
import { putCases } from "./cases/put.ts";
import { rangeCases } from "./cases/ranges.ts";
import { deleteCases } from "./cases/remove.ts";
import { transferCases } from "./cases/transfer.ts";

/** Every rule of the store contract that can be tried from outside, for counts, tables and runners of one's own. */
export function conformanceCases(): readonly ConformanceCase[] {
  return [
    ...putCases,
    ...getCases,
    ...rangeCases,
    ...listCases,
    ...listOwnCases,
    ...deleteCases,
    ...conditionCases,
    ...keyCases,
    ...folderCases,
    ...handleCases,
    ...metadataCases,
    ...checksumCases,
    ...abortCases,
    ...concurrencyCases,
    ...transferCases,
    ...durableCases,
    ...largeCases,
    ...multipartCases,
    ...multipartLifeCases,
    ...multipartConditionCases,
    ...presignCases,
    ...prepareCases,
    ...closeCases,
  ];
}
