// The promise of the whole for persons, walked at random in virtual time: devices are linked, revoked and get new keys, members are
// removed and let in again, with all that befalls a room; when all is well again everybody agrees on who is who, a person is one on
// all devices, and what was revoked or removed counts nowhere. What AGORA_MODEL_RUNS, AGORA_MODEL_SEED and AGORA_MODEL_PATH are
// for stands in model.property.test.ts.
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { walk } from "./persons-walk.ts";
import { anyStep } from "./persons-steps.ts";

const NEW_RUNS = process.env["AGORA_MODEL_RUNS"];
const RUNS = Number(NEW_RUNS ?? 60);
const SEED = process.env["AGORA_MODEL_SEED"] ?? (NEW_RUNS === undefined ? "1" : undefined);
const PATH = process.env["AGORA_MODEL_PATH"];

test(
  "whatever befalls persons and their devices, all agree on who is who and on what counts",
  { timeout: 3_600_000 },
  async () => {
    let slowestMs = 0;
    await fc.assert(
      fc.asyncProperty(fc.noShrink(fc.nat()), fc.array(anyStep, { maxLength: 25 }), async (seed, steps) => {
        const { faults, waitedMs } = await walk(seed, steps);
        slowestMs = Math.max(slowestMs, waitedMs);
        expect(faults).toEqual([]);
      }),
      {
        numRuns: RUNS,
        ...(SEED === undefined ? {} : { seed: Number(SEED) }),
        ...(PATH === undefined ? {} : { path: PATH }),
      },
    );
    console.log(JSON.stringify({ runs: RUNS, slowestMs }));
  },
);
