import { describe, expect, it } from "vitest";
import { abandon, close } from "./syscalls.ts";

describe("closing a file", () => {
  // No descriptor of this process has this number, so that no other test can lose its file.
  const none = 1_000_000_000;

  it("reports what the system says, unless the file is given up anyway", async () => {
    await expect(close(none)).rejects.toMatchObject({ code: "EBADF" });
    await abandon(none);
  });
});
