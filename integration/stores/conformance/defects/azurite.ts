import type { ServerDefect } from "@mortise/store-testkit";

/** Azurite. */
export const azuriteDefects: readonly ServerDefect[] = [];
