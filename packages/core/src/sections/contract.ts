import type { ObjectKey } from "../keys/object-key.ts";

export type SectionName = "hash" | "schema" | "filepath" | "mortise";

/** The prefixes of one store, normalised: no slash at either end. */
export interface Sections {
  readonly hash: string;
  /** Empty only for the legacy layout. */
  readonly schema: string;
  /** undefined: user-managed files may stand anywhere outside the reserved sections. */
  readonly filepath: string | undefined;
  /** Which section a key lies in, compared by segment. */
  sectionOf(key: ObjectKey | string): SectionName;
}
