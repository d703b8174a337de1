import type { Progress } from "@mortise/core";

/** Adds up what several parts have sent. */
export interface PartsProgress {
  /** So many bytes of a part that is under way; fewer than before where it is sent again. */
  sending(number: number, bytes: number): void;
  sent(number: number, bytes: number): void;
}

/** Tells `onProgress` of the whole upload: numbers that only grow, `had` at the start. */
export function partsProgress(
  onProgress: ((progress: Progress) => void) | undefined,
  total: number | undefined,
  had = 0,
): PartsProgress | undefined {
  if (onProgress === undefined) return undefined;
  const underWay = new Map<number, number>();
  let done = had;
  let told = 0;
  function tell(): void {
    let bytes = done;
    for (const part of underWay.values()) bytes += part;
    if (bytes <= told) return;
    told = bytes;
    onProgress?.(total === undefined ? { bytes } : { bytes, total });
  }
  tell();
  return {
    sending(number, bytes) {
      underWay.set(number, bytes);
      tell();
    },
    sent(number, bytes) {
      underWay.delete(number);
      done += bytes;
      tell();
    },
  };
}
