import { expect, test } from "vitest";
import { type CameBy, cameBy, foldCame } from "./came.ts";

test("names invented for one invite push out those who came by it, and nobody who came by another", () => {
  const came: CameBy = {};
  const honest = { name: "bob", key: "B", grantId: "for-bob" };
  foldCame(came, honest);
  for (let n = 0; n < 10_000; n += 1) foldCame(came, { name: `n${n}`, key: `k${n}`, grantId: "open-to-all" });
  expect(cameBy(came, "bob", "B")).toEqual(honest);
  expect(cameBy(came, "n0", "k0")).toBeUndefined();
  expect(cameBy(came, "n9999", "k9999")).toMatchObject({ grantId: "open-to-all" });
  expect(Object.keys(came)).toHaveLength(501);
});
