import type { BrokenStore } from "./break.ts";
import { brokenConditions } from "./conditions.ts";
import { brokenFolders } from "./folders.ts";
import { brokenHandles } from "./handles.ts";
import { brokenListers } from "./listing.ts";
import { brokenNames } from "./naming.ts";
import { brokenPreparers } from "./preparing.ts";
import { brokenPromises } from "./promises.ts";
import { brokenReaders } from "./reading.ts";
import { brokenSigners } from "./signing.ts";
import { brokenUploads } from "./uploads.ts";
import { brokenWriters } from "./writing.ts";

/** Stores that each break one rule. */
export const brokenStores: readonly BrokenStore[] = [
  ...brokenWriters,
  ...brokenReaders,
  ...brokenListers,
  ...brokenConditions,
  ...brokenNames,
  ...brokenFolders,
  ...brokenHandles,
  ...brokenPromises,
  ...brokenUploads,
  ...brokenSigners,
  ...brokenPreparers,
];
