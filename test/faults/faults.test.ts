// The short form of `pnpm soak`: each kind of fault at least once, few events, fixed seeds.
import { expect, test } from "vitest";
import { FAULT_KINDS } from "../soak/plan.ts";
import { run } from "../soak/run.ts";

const NOTHING = { lost: 0, twice: 0, misordered: 0, misdelivered: 0, stuck: 0, examples: [] };

/** What a daemon that dies under a `say` did not take is told to the one who said it; it happens to one in a hundred at most. */
function expectWhole(report: Awaited<ReturnType<typeof run>>, events: number): void {
  expect(report).toMatchObject({ ...NOTHING, complete: true });
  expect(report.accepted).toBeGreaterThanOrEqual(Math.floor(events * 0.99));
}

test(
  "every kind of fault once: nothing lost, nothing twice, one order, nothing stuck",
  { timeout: 600_000 },
  async () => {
    const report = await run({ seed: 4, events: 260, faults: FAULT_KINDS.length, members: 3, minutes: 8 });
    expectWhole(report, 260);
  },
);

test("a relay that dies again and again, and daemons with it", { timeout: 600_000 }, async () => {
  const kinds = ["kill-relay", "kill-daemon"] as const;
  const report = await run({ seed: 8, events: 200, faults: 8, members: 3, minutes: 8, kinds });
  expectWhole(report, 200);
});
