import type { Logger } from "@mortise/core";

/** Results that keep something open, such as a connection or a file, until they are read or disposed. */
export interface Forgotten<Held> {
  /** `reader` is reachable only through the result of the caller; `held` must not lead back to it. */
  watch(reader: object, held: Held, key: string): void;
  /** It was read to its end or disposed. */
  unwatch(reader: object): void;
}

/**
 * Closes what belongs to results that were dropped, when the garbage collector finds them, and tells `logger`: somebody who
 * forgets them must not exhaust the connections or files of the process, and has to hear of it.
 */
export function watchForgotten<Held>(logger: Logger, storeName: string, close: (held: Held) => void): Forgotten<Held> {
  const registry = new FinalizationRegistry<{ readonly held: Held; readonly key: string }>(({ held, key }) => {
    close(held);
    logger.warn("store.result-not-disposed", {
      store: storeName,
      key,
      hint: "read the body to its end, or dispose the result",
    });
  });
  return {
    watch: (reader, held, key) => registry.register(reader, { held, key }, reader),
    unwatch: (reader) => void registry.unregister(reader),
  };
}
