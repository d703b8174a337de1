import { type ObjectStore, parsePartition, parseSections, parseSubfolding, type Sections } from "@mortise/core";

/** Store settings that choose paths, with the names of the configuration file. */
export interface BenchSettings {
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
  /** Absolute paths below it are accepted as files of the store; default the store's own URL. */
  readonly baseUrl?: string | undefined;
}

/** A store and the layout of its sections. */
export interface BenchLayout {
  readonly store: ObjectStore;
  readonly name: string;
  readonly baseUrl: string;
  readonly sections: Sections;
  readonly subfolding: readonly number[];
  readonly partition: readonly string[];
  readonly settings: Readonly<Record<string, unknown>>;
}

export function layoutOf(store: ObjectStore, name: string, options: BenchSettings): BenchLayout {
  const settings = options.settings ?? {};
  return {
    store,
    name,
    baseUrl: options.baseUrl ?? store.baseUrl,
    sections: parseSections(settings),
    subfolding: parseSubfolding(settings["subfolding"] ?? null),
    partition: parsePartition(settings["partition_pattern"]),
    settings,
  };
}
