import type { OpenStore } from "../context.ts";

/** What planning needs to know of a store before it is opened. */
export interface StoreLayout {
  readonly name: string;
  /** The settings with the file's names; for a store given as an instance what the configuration says of that name, if anything. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly sections: OpenStore["sections"];
}

/** The stores of a project, by resolved name. */
export interface StoreAccess {
  /** `undefined`, null and `""` are the default store. Throws `ConfigError` for a store that is not configured. */
  resolveName(name: string | null | undefined): string;
  /** The store of `<filepath@>`: `stores.filepath_default` where it is set, else the default store. */
  filepathDefault(): string;
  /** From the configuration alone: no I/O. */
  layout(name: string): StoreLayout;
  /** Opens it at the first call. */
  open(name: string): Promise<OpenStore>;
}
