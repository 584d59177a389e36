// The promise of the whole for persons, walked at random in virtual time: devices are linked, revoked and get new keys, members are
// removed and let in again, with all that befalls a room; when all is well again everybody agrees on who is who, a person is one on
// all devices, and what was revoked or removed counts nowhere. What AGORA_MODEL_RUNS, AGORA_MODEL_SEED and AGORA_MODEL_PATH are
// for stands in model.property.test.ts.
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { walk } from "./persons-walk.ts";
import { anyStep, type Step } from "./persons-steps.ts";

const NEW_RUNS = process.env["AGORA_MODEL_RUNS"];
const RUNS = Number(NEW_RUNS ?? 40);
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
        seed: Number(SEED ?? Date.now()),
        ...(PATH === undefined ? {} : { path: PATH }),
      },
    );
    console.log(JSON.stringify({ runs: RUNS, slowestMs }));
  },
);

const NOW = { ms: 0 } as const;
const FOUND: readonly (readonly [string, readonly Step[]])[] = [
  [
    "what a device said between two members counts after it was revoked",
    [
      { do: "say", who: "bob2", to: ["carol"], times: 1, ms: 47 },
      { do: "revoke", who: "bob2", ...NOW },
    ],
  ],
  [
    "who joins a channel and leaves it at once, while the relay is away, has left it on all devices",
    [
      { do: "relay", how: "end", ...NOW },
      { do: "channel", who: "bob1", act: "join", ...NOW },
      { do: "channel", who: "bob1", act: "leave", ...NOW },
    ],
  ],
  [
    "a device that is linked after another one got a new key is told what that one had kept for both",
    [
      { do: "read", who: "bob2", ...NOW },
      { do: "channel", who: "bob2", act: "join", ...NOW },
      { do: "rotate", who: "bob2", ...NOW },
      { do: "link", who: "bob3", ...NOW },
    ],
  ],
  [
    "an answer in a thread reaches whoever asked, with a new key since",
    [
      { do: "say", who: "alice", to: ["bob", "carol"], times: 1, ...NOW },
      { do: "rotate", who: "alice", ms: 1_678 },
      { do: "answer", who: "bob1", ...NOW },
    ],
  ],
  [
    "a device hears how far it is what another one says, though the word comes first",
    [
      { do: "relay", how: "kill", ms: 215 },
      { do: "revoke", who: "bob2", ms: 47 },
      { do: "link", who: "bob2", ms: 2_720 },
      { do: "say", who: "bob1", to: ["carol"], times: 2, ms: 298 },
    ],
  ],
];

test.each(FOUND)("%s [DEVICE-13] [DEVICE-15] [DEVICE-16] [KEYCHAIN-4]", async (_, steps) => {
  for (let seed = 0; seed < 2; seed += 1) expect((await walk(seed, steps)).faults).toEqual([]);
});
