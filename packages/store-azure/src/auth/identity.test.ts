import { expect, it } from "vitest";
import { missingIdentity } from "./identity.ts";

it("without @azure/identity the error names the command that installs it", () => {
  const error = missingIdentity({ operation: "get", store: "raw" }, new Error("Cannot find package '@azure/identity'"));
  expect(error).toMatchObject({ code: "invalid-config", hint: /npm install @azure\/identity/ });
});
