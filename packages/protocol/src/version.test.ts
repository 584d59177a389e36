import * as fc from "fast-check";
import { expect, test } from "vitest";
import { chooseVersion, VERSIONS } from "./version.ts";

test("the chosen version is one of both, the best by our order, or none [HELLO-3]", () => {
  const versions = fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { maxLength: 6 });
  fc.assert(
    fc.property(versions, versions, (offered, ours) => {
      const both = ours.filter((v) => offered.includes(v));
      expect(chooseVersion(offered, ours)).toBe(both[0]);
    }),
  );
  expect(chooseVersion([...VERSIONS])).toBe(VERSIONS[0]);
});
