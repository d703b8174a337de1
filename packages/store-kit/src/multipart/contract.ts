import type { MultipartUpload, ObjectKey, Progress, PutOptions } from "@mortise/core";
import type { Semaphore } from "../limits/semaphore.ts";

/** Sizes and counts of parts that a server takes. */
export type PartLimits = MultipartUpload["limits"];

/** How an upload is cut into parts, and how many of them are under way. */
export interface PartOptions {
  /** Bytes per part; it grows where a body would else have more parts than the server takes. Default 8 MiB. */
  readonly partBytes?: number | undefined;
  /** Parts under way at once, each with a buffer of its own. Default 4; 1 where the server takes them in order only. */
  readonly concurrency?: number | undefined;
}

/** What `uploadParts` takes besides the options of a write: the time limit is its caller's. */
export interface UploadPartsOptions extends Omit<PutOptions, "timeoutMs">, PartOptions {
  /** Bytes of part buffers of a whole store: a buffer is filled only when it has room. Default: no limit. */
  readonly budget?: Semaphore | undefined;
}

/** What `uploadInParts` takes. */
export interface UploadInPartsOptions extends PartOptions, Omit<PutOptions, "size" | "timeoutMs" | "compute"> {
  /** An upload that was begun before, perhaps by another process: only what it lacks is sent. */
  readonly uploadId?: string | undefined;
  /**
   * Default false: of an upload that is continued, parts that the server tells nothing but the size of are sent again, and
   * where they can't be, a digest of the whole must prove that they are of this source. With true their size is enough: a
   * source that has changed meanwhile becomes an object that is neither the one nor the other.
   */
  readonly trustSizes?: boolean | undefined;
  /** Called once the upload has an id, before the first part is sent: keep it to resume after the death of the process. */
  readonly onStarted?: ((uploadId: string) => void | Promise<void>) | undefined;
  /** With `total`, and with what a resumed upload had already. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** What is left of an upload that was begun and neither completed nor aborted. */
export interface StaleUpload {
  readonly key: ObjectKey;
  readonly id: string;
  readonly startedAt: Date;
}

/** The part sizes of one upload; offsets and sizes in bytes, numbers from 1. */
export interface PartPlan {
  /** Bytes of the part that begins at `offset`, if the body is long enough for it. */
  sizeAt(offset: number): number;
}
