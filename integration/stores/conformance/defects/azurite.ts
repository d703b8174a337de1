import type { ServerDefect } from "@mortise/store-testkit";

/** Azurite. */
export const azuriteDefects: readonly ServerDefect[] = [
  {
    id: "type-not-signed",
    reason: "a signed URL binds no content type, at Azure's neither: the sender chooses it",
    cases: ["presign.content-type-bound"],
  },
];
