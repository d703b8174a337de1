import { describe, expect, it } from "vitest";
import { createMapStore } from "../../test/map-store.ts";
import { parseKey } from "../keys/parse-key.ts";
import { checkStoreClaim, makeStoreClaim, type StoreClaim } from "./claim.ts";

const claimOf = (given: Partial<StoreClaim> = {}): StoreClaim => ({
  store: createMapStore(),
  name: "main",
  schema: "lab",
  databaseId: "ours",
  storeId: undefined,
  ...given,
});

describe("the claim of a store", () => {
  it("writes the markers once and answers with the id of the store", async () => {
    const claim = claimOf();
    expect(await checkStoreClaim(claim)).toBeUndefined();
    const storeId = await makeStoreClaim(claim);
    expect(storeId).toMatch(/^[0-9a-f-]{36}$/);
    expect(await makeStoreClaim({ ...claim, storeId })).toBe(storeId);
    expect(await checkStoreClaim({ ...claim, schema: "other", databaseId: "theirs" })).toBe(storeId);
  });

  it("refuses the schema of another database", async () => {
    const claim = claimOf();
    await makeStoreClaim(claim);
    await expect(makeStoreClaim({ ...claim, databaseId: "theirs" })).rejects.toMatchObject({ code: "foreign-owner" });
  });

  it("refuses an empty store, another store and one whose marker can't be read, and writes nothing", async () => {
    const claim = claimOf({ storeId: "known" });
    await expect(makeStoreClaim(claim)).rejects.toMatchObject({
      code: "foreign-store",
      message: /empty, or not mounted/,
    });
    expect(await checkStoreClaim({ ...claim, storeId: undefined })).toBeUndefined();
    await makeStoreClaim({ ...claim, storeId: undefined });
    await expect(makeStoreClaim(claim)).rejects.toMatchObject({ code: "foreign-store", message: /another one/ });
    await claim.store.put(parseKey("_mortise/store.json"), new TextEncoder().encode("{"));
    await expect(makeStoreClaim({ ...claim, storeId: undefined })).rejects.toMatchObject({ code: "foreign-store" });
  });
});
