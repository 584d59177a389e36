// What a run does, decided by its seed alone: who says what to whom, and which faults happen when. Pure, so that a seed
// replays. Faults come in episodes, each followed by a calm in which everything has to arrive.

/** Every way in which the run is disturbed. */
export const FAULT_KINDS = [
  "kill-relay",
  "kill-daemon",
  "kill-seat",
  "stop-relay",
  "stop-daemon",
  "stop-seat",
  "cut",
  "freeze",
  "half-open",
  "unreachable",
  "slow-reader",
  "delay",
  "full-disk",
  "stall",
  "flood",
  "clock",
  "two-writers",
  "clean",
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** One disturbance: it begins `afterMs` into its episode and is undone `ms` later. */
export interface Fault {
  readonly kind: FaultKind;
  /** Index of the member; the relay's faults have none. */
  readonly member: number;
  readonly afterMs: number;
  readonly ms: number;
}

/** Something a member says; an answer goes to somebody who waits in its inbox, else to `to`. */
export interface Saying {
  readonly id: string;
  readonly author: number;
  readonly to: readonly number[];
  readonly isAnswer: boolean;
  readonly text: string;
  readonly afterMs: number;
}

export interface Episode {
  readonly faults: readonly Fault[];
  readonly sayings: readonly Saying[];
}

export interface PlanOptions {
  readonly seed: number;
  readonly events: number;
  readonly faults: number;
  readonly members: number;
  /** Kinds that this machine or this run can do. */
  readonly kinds: readonly FaultKind[];
}

/** Mulberry32: small, and the same on every machine. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const MAX_FAULTS_AT_ONCE = 3;
const WORDS = "the build is green again but this test fails on my machine since somebody changed the seed of it";
/** How long a fault lasts, milliseconds. */
const LASTS: readonly [least: number, most: number] = [300, 3_000];
/** A stall is as long as a daemon is taken for alive without a word; beyond it would be a sleep, which has its own test. */
const STALL_MS = 15_000;

/** Makes the plan. */
export function makePlan(options: PlanOptions): readonly Episode[] {
  const random = createRandom(options.seed);
  const pick = (below: number): number => Math.floor(random() * below);
  const kinds = shuffledKinds(options, pick);
  const groups: FaultKind[][] = [];
  while (kinds.length > 0) groups.push(kinds.splice(0, 1 + pick(MAX_FAULTS_AT_ONCE)));
  if (groups.length === 0) groups.push([]);
  let said = 0;
  return groups.map((group, index): Episode => {
    const faults = group.map((kind) => ({
      kind,
      member: pick(options.members),
      afterMs: 100 + pick(800),
      ms: kind === "stall" ? STALL_MS : LASTS[0] + pick(LASTS[1] - LASTS[0]),
    }));
    const spanMs = Math.max(500, ...faults.map((f) => f.afterMs + f.ms));
    const until = Math.round((options.events * (index + 1)) / groups.length);
    const sayings: Saying[] = [];
    for (; said < until; said += 1) sayings.push(makeSaying(said, options.members, spanMs, random, pick));
    return { faults, sayings: sayings.sort((a, b) => a.afterMs - b.afterMs) };
  });
}

/** Each kind about equally often, in an order that the seed decides. */
function shuffledKinds({ faults, kinds }: PlanOptions, pick: (below: number) => number): FaultKind[] {
  const all = Array.from({ length: faults }, (_, n) => kinds[n % kinds.length]!);
  for (let i = all.length - 1; i > 0; i -= 1) {
    const j = pick(i + 1);
    [all[i], all[j]] = [all[j]!, all[i]!];
  }
  return all;
}

function makeSaying(
  n: number,
  members: number,
  spanMs: number,
  random: () => number,
  pick: (below: number) => number,
): Saying {
  const author = pick(members);
  const how = random();
  const others = Array.from({ length: members }, (_, m) => m).filter((m) => m !== author);
  const to = how < 0.5 ? [] : others.filter(() => random() < 0.4);
  const length = random() < 0.02 ? 4_000 + pick(20_000) : 10 + pick(300);
  return {
    id: `s0ak${String(n).padStart(16, "0")}`,
    author,
    to: how >= 0.5 && to.length === 0 ? [others[pick(others.length)]!] : to,
    isAnswer: how >= 0.6,
    text: WORDS.repeat(Math.ceil(length / WORDS.length)).slice(0, length),
    afterMs: Math.floor(random() * spanMs),
  };
}
