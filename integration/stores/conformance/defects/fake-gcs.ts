import type { ServerDefect } from "@mortise/store-testkit";

/** fake-gcs-server in memory. */
export const fakeGcsDefects: readonly ServerDefect[] = [];
