import { expect, it } from "vitest";
import { killAndResume } from "./resume.ts";

it("continues an upload whose process was killed, and sends only the parts that are missing", async () => {
  const report = await killAndResume(40 * 1024 ** 2 + 1);
  expect(report).toMatchObject({ parts: 9, equal: true });
  expect(report.partsListed).toBeGreaterThanOrEqual(4);
  expect(report.partsListed).toBeLessThan(9);
  expect(report.partsAfterResume).toBe(9 - report.partsListed);
});
