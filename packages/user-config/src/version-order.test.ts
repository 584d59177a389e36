import { expect, it } from "vitest";
import { compareVersions, isNewer } from "./version-order.ts";

it("orders versions as Semantic Versioning does, and what is none before all", () => {
  const ordered = [
    "nonsense",
    "0.1.0-alpha",
    "0.1.0-alpha.1",
    "0.1.0-alpha.beta",
    "0.1.0-beta.2",
    "0.1.0-beta.11",
    "0.1.0-rc.1",
    "0.1.0",
    "0.1.9",
    "0.1.10",
    "0.2.0",
    "1.0.0",
  ];
  for (const [at, a] of ordered.entries()) {
    for (const [other, b] of ordered.entries()) {
      expect(Math.sign(compareVersions(a, b)), `${a} ${b}`).toBe(Math.sign(at - other));
    }
  }
  expect(isNewer("0.1.0+build.9", "0.1.0")).toBe(false);
  expect(isNewer("", "garbage")).toBe(false);
});
