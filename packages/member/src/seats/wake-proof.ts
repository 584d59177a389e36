// What is known of each seat's ways to be reached: when the model itself last showed that one works, and the test that a
// person can ask for. A test hands a random word to the woken session; only a call of its model that brings the word back
// proves the way.
import type { Clock } from "@agora/ports";
import type { WakeMethod } from "../inbox/fold.ts";
import { MAX_PROVEN, provenKey, type ProvenWakeMethod } from "./proven-fold.ts";

/** What a test came to; `reason` when it proved nothing. */
export type Proof = { readonly proven: true } | { readonly proven: false; readonly reason: string };

export interface WakeProofs {
  /** The model showed a sign of what was handed by this rung. */
  signed(seat: string, rung: WakeMethod): void;
  /** Begins a test of the seat; settles when the word came back or the time is over. */
  begin(seat: string, word: string, timeoutMs: number): Promise<Proof>;
  /** The word for a seat that was just woken; the model is shown it once. */
  wordFor(seat: string): string | undefined;
  /** The model of a seat brings a word back; whether it is the one that is waited for. */
  bring(seat: string, word: string): boolean;
  /** The turn of a seat is over: a word that was handed and not brought back will not come any more. */
  turnEnded(seat: string): void;
  rungs(): readonly ProvenWakeMethod[];
}

const NOT_BROUGHT = "the session was woken, but its model did not bring the word back";

interface Test {
  readonly word: string;
  handed: boolean;
  readonly end: (proof: Proof) => void;
}

/** A sign that follows a kept one sooner than this is not written down: the journal tells hours, not moments. */
const KEEP_EVERY_MS = 60_000;

/**
 * Creates the keeper. What is `known` from before the daemon's start counts; `keep` writes a proof down. Tests are forgotten
 * with the daemon.
 */
export function createWakeProofs(
  clock: Clock,
  {
    known = [],
    keep = () => undefined,
  }: { known?: readonly ProvenWakeMethod[]; keep?: (proven: ProvenWakeMethod) => void } = {},
): WakeProofs {
  const last = new Map(known.map((proven) => [provenKey(proven), { ...proven, keptAt: proven.at }]));
  const tests = new Map<string, Test>();
  const prove = (seat: string, rung: WakeMethod): void => {
    const proven: ProvenWakeMethod = { seat, rung, at: clock.now() };
    const before = last.get(provenKey(proven))?.keptAt;
    const isDue = before === undefined || proven.at - before >= KEEP_EVERY_MS;
    last.delete(provenKey(proven));
    last.set(provenKey(proven), { ...proven, keptAt: isDue ? proven.at : before });
    while (last.size > MAX_PROVEN) last.delete(last.keys().next().value!);
    if (isDue) keep(proven);
  };
  return {
    signed: prove,
    begin(seat, word, timeoutMs) {
      tests.get(seat)?.end({ proven: false, reason: "another test began" });
      return new Promise((resolve) => {
        const test: Test = {
          word,
          handed: false,
          end(proof) {
            cancel();
            if (tests.get(seat) === test) tests.delete(seat);
            resolve(proof);
          },
        };
        const cancel = clock.after(timeoutMs, () => {
          test.end({ proven: false, reason: test.handed ? NOT_BROUGHT : "the wake-up did not reach the session" });
        });
        tests.set(seat, test);
      });
    },
    wordFor(seat) {
      const test = tests.get(seat);
      if (test === undefined || test.handed) return undefined;
      test.handed = true;
      return test.word;
    },
    bring(seat, word) {
      const test = tests.get(seat);
      if (test?.handed !== true || test.word !== word) return false;
      prove(seat, "wake");
      test.end({ proven: true });
      return true;
    },
    turnEnded(seat) {
      const test = tests.get(seat);
      if (test?.handed === true) test.end({ proven: false, reason: NOT_BROUGHT });
    },
    rungs: () => [...last.values()].map(({ seat, rung, at }) => ({ seat, rung, at })),
  };
}
