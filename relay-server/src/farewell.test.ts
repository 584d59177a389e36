import { manualClock } from "@agora/ports/testing";
import { CLOSE_CODES } from "@agora/protocol";
import { expect, it } from "vitest";
import type { Connection } from "./connection.ts";
import { farewellMs, sayFarewell } from "./farewell.ts";

function many(count: number): { readonly all: readonly Connection[]; readonly closed: number[] } {
  const closed: number[] = [];
  const all = Array.from(
    { length: count },
    (_, n) => ({ close: (row: { code: number }) => closed.push(row.code === 1001 ? n : -1) }) as unknown as Connection,
  );
  return { all, closed };
}

it("a few are told at once, many within a bounded moment, each once [CLOSE-5]", async () => {
  const clock = manualClock();
  const few = many(50);
  await sayFarewell(few.all, clock);
  expect(few.closed).toHaveLength(50);

  const crowd = many(400);
  let chance = 0;
  const said = sayFarewell(crowd.all, clock, () => (chance += 1 / 401));
  clock.advance(farewellMs(400) / 2);
  expect(crowd.closed.length).toBeGreaterThan(150);
  expect(crowd.closed.length).toBeLessThan(250);
  clock.advance(farewellMs(400));
  await said;
  expect(crowd.closed).toEqual(Array.from({ length: 400 }, (_, n) => n));
  expect(farewellMs(1_000_000)).toBeLessThanOrEqual(2_000);
  expect(CLOSE_CODES.goingAway.retry).toBe("yes");
});
