import type { ServerDefect } from "@mortise/store-testkit";

/** Azurite. */
export const azuriteDefects: readonly ServerDefect[] = [
  {
    id: "signature-binds-no-header",
    reason: "a shared access signature, also of Azure itself, binds no header of the request",
    cases: ["presign.content-type-bound"],
  },
];
