import { ConfigError } from "@mortise/core";

/** Something opened at its first use, at most once at a time. */
export interface Lazy<T> {
  get(): Promise<T>;
  /** What was opened, if anything; afterwards `get` throws `ConfigError` `closed`. */
  close(): Promise<T | undefined>;
}

/** A failure is not remembered: the next `get` tries again. */
export function lazily<T>(open: () => Promise<T>): Lazy<T> {
  let opening: Promise<T> | undefined;
  let closed = false;
  return {
    get() {
      if (closed) return Promise.reject(new ConfigError("closed", "the project is closed", { hint: "open it again" }));
      if (opening === undefined) {
        const attempt = open();
        opening = attempt;
        attempt.catch(() => {
          if (opening === attempt) opening = undefined;
        });
      }
      return opening;
    },
    async close() {
      closed = true;
      return await opening?.catch(() => undefined);
    },
  };
}
