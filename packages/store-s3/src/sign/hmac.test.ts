import { createHmac } from "node:crypto";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { createTextHmac } from "./hmac.ts";

it("An HMAC equals Node's, for any key and texts of any length, one after the other", () => {
  const latin1 = fc.string({
    unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
    maxLength: 600,
  });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.array(latin1), (key, texts) => {
      const hmac = createTextHmac(key);
      for (const text of texts) {
        expect(hmac(text)).toBe(createHmac("sha256", key).update(text, "latin1").digest("hex"));
      }
    }),
  );
});
