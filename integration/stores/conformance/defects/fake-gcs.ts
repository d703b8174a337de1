import type { ServerDefect } from "@mortise/store-testkit";

/** fake-gcs-server in memory. */
export const fakeGcsDefects: readonly ServerDefect[] = [
  {
    id: "status-query-completes",
    reason:
      "takes the question how far an upload is for its end and publishes half an object; the store refuses to ask",
    cases: ["multipart.resume", "multipart.continue", "multipart.closed"],
  },
];
