// When the events of revoked keys are looked for; that they are found is shown in a room (test/room/revoked.test.ts).
import { manualClock } from "@agora/ports/testing";
import { expect, test } from "vitest";
import { createSearches } from "./disown.ts";

test("many revocations one after another cost one search a second, and none is forgotten", () => {
  const clock = manualClock();
  const searched: string[] = [];
  const disown = createSearches(clock, (keys) => searched.push([...keys.keys()].join("")));
  const revoke = (keys: string): void => {
    for (const key of keys) disown(key, "words");
  };
  revoke("abcdefgh");
  expect(searched).toEqual(["a", "b", "c", "d", "e", "f", "g", "h"]);
  revoke("ij");
  clock.advance(999);
  revoke("k");
  expect(searched).toHaveLength(8);
  clock.advance(1);
  expect(searched.slice(8)).toEqual(["ijk"]);
  revoke("l");
  expect(searched).toHaveLength(9);
  clock.advance(1_000);
  expect(searched.slice(9)).toEqual(["l"]);
  clock.advance(60_000);
  revoke("mn");
  expect(searched.slice(10)).toEqual(["m", "n"]);
});
