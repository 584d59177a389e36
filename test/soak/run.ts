// One run: episodes of sayings and faults, each followed by a calm in which everything has to arrive; then the judgement.
import { cpSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { shownOtherwise } from "./clean.ts";
import { type Disturbance, disturb } from "./disturb.ts";
import { belongs, judge, type Verdict } from "./judge.ts";
import { createRandom, type Episode, type Fault, FAULT_KINDS, type FaultKind, makePlan, type Saying } from "./plan.ts";
import { isMember, say, type Told } from "./say.ts";
import { openSoakNetwork, type SoakNetwork } from "./test-network.ts";
import { settled } from "./settled.ts";
import type { SoakMember } from "./soak-member.ts";

export interface RunOptions {
  readonly seed: number;
  readonly events: number;
  readonly faults: number;
  readonly members: number;
  readonly minutes: number;
  /** Only these kinds; all by default. */
  readonly kinds?: readonly FaultKind[];
  readonly tell?: (line: string) => void;
  /** Ends the run after the episode under way, in order. */
  readonly isStopped?: () => boolean;
  /** Where the members' journals and logs are copied to at the end, for whoever looks for a reason. */
  readonly keep?: string;
}

/** Resident memory in MiB: the middle figure of each third of the run. */
interface Memory {
  readonly first: number;
  readonly second: number;
  readonly last: number;
}

export interface Report extends Verdict {
  readonly events: number;
  readonly accepted: number;
  /** Attempts by reason; what the disk refused was said again. */
  readonly refused: Readonly<Record<string, number>>;
  readonly faults: Readonly<Record<string, number>>;
  readonly disk: string;
  /** The most that waited in one inbox, besides strangers'. */
  readonly mostWaiting: number;
  /** Under how many invented names a flood came in. */
  readonly strangers: number;
  readonly slowestRecoveryS: number;
  readonly slowestAfter: string;
  readonly relayMiB: Memory;
  readonly daemonMiB: Memory;
  readonly seconds: number;
  /** All planned episodes were run within the minutes allowed. */
  readonly complete: boolean;
  readonly seed: number;
}

/** Sayings of one member that are under way at once. */
const AT_ONCE = 8;
const RECOVER_WITHIN_MS = 60_000;
const LOOK_MS = 50;
const MEMORY_EVERY_MS = 1_000;
/** The promise: everything is where it belongs so soon after the last process that it needs is back. */
const BACK_WITHIN_S = 10;
/** What counts as flat: by how much the last third may be above the second, and above the first, in which all gets warm. */
const FLAT = { second: 1.05, first: 1.25 };
/** In a shorter run V8's old generation has not found its pace yet: so much more counts as flat. */
const WARM_AFTER_EVENTS = 12_000;
const WARMING_MIB = 32;
/** The relay runs with V8's own young generation, which widens with the load up to 128 MiB; the daemon's is bounded. */
const RELAY_YOUNG_MIB = 32;

/** Whether a report shows a violation. */
export function isViolated(report: Report): boolean {
  const { lost, twice, misordered, misdelivered, stuck, accepted, events, relayMiB, daemonMiB } = report;
  const isFlat =
    isFlatWithin(daemonMiB, events < WARM_AFTER_EVENTS ? WARMING_MIB : 0) && isFlatWithin(relayMiB, RELAY_YOUNG_MIB);
  const isWhole = lost + twice + misordered + misdelivered + stuck === 0 && accepted >= events * 0.99;
  return !(isWhole && isFlat && report.complete && report.slowestRecoveryS <= BACK_WITHIN_S);
}

function isFlatWithin({ first, second, last }: Memory, more: number): boolean {
  return last <= second * FLAT.second + more && last <= first * FLAT.first + more;
}

/** Runs the plan of a seed. */
export async function run(options: RunOptions): Promise<Report> {
  const began = Date.now();
  const tell = options.tell ?? (() => undefined);
  await using town = await openSoakNetwork(options.members);
  const kinds = (options.kinds ?? FAULT_KINDS).filter((kind) => kind !== "full-disk" || town.disk !== undefined);
  const plan = makePlan({ ...options, kinds });
  const tally = createTally(town);
  const relayMiB: number[] = [];
  const daemonMiB: number[] = [];
  const sampling = setInterval(() => {
    const { relay, daemon } = sample(town);
    if (relay > 0) relayMiB.push(relay);
    if (daemon > 0) daemonMiB.push(daemon);
  }, MEMORY_EVERY_MS);
  const faults: Record<string, number> = {};
  let slowest = { ms: 0, after: "" };
  let done = 0;
  for (const episode of plan) {
    if (Date.now() - began > options.minutes * 60_000 || options.isStopped?.() === true) break;
    done += 1;
    const after = episode.faults.map((f) => `${f.kind}@${town.members[f.member]!.name}`).join(" ");
    await play(town, episode, tally);
    const ms = await recovery(tally);
    for (const { kind } of episode.faults) faults[kind] = (faults[kind] ?? 0) + 1;
    if (ms > slowest.ms) slowest = { ms, after };
    const memory = sample(town);
    const waits = `${tally.waiting()} waiting`;
    const rss = `relay ${memory.relay.toFixed(0)} MiB, daemons ${memory.daemon.toFixed(0)} MiB`;
    tell(
      `${done}/${plan.length} ${after}: all there after ${(ms / 1000).toFixed(2)} s, ${tally.known.size} events, ${waits}, ${rss}`,
    );
  }
  clearInterval(sampling);
  await settled(town, tally);
  tally.look();
  town.complaints.push(...(await Promise.all(town.members.map((member) => member.leave()))).flat());
  tally.look();
  for (const { name, project, memory } of options.keep === undefined ? [] : town.members) {
    cpSync(memory, join(options.keep!, name), { recursive: true });
    for (const log of readdirSync(join(project, ".agora")).filter((file) => file.startsWith("daemon.log")))
      cpSync(join(project, ".agora", log), join(options.keep!, name, log));
  }
  const witnesses = town.members.map(({ name, memory, journal }) => ({ name, memory, events: journal.events }));
  const verdict = judge(tally.known, witnesses);
  for (const { name, project, memory } of town.members)
    for (const journal of shownOtherwise(project, memory))
      town.complaints.push(`.agora of ${name} does not show its ${journal}`);
  return {
    events: plan.slice(0, done).reduce((sum, { sayings }) => sum + sayings.length, 0),
    accepted: tally.accepted(),
    refused: tally.refused,
    faults,
    disk: town.disk?.how ?? "none",
    mostWaiting: tally.mostWaiting(),
    strangers: town.strangers,
    ...verdict,
    stuck: verdict.stuck + town.complaints.length,
    examples: [...verdict.examples, ...town.complaints],
    slowestRecoveryS: Math.round(slowest.ms / 10) / 100,
    slowestAfter: slowest.after,
    relayMiB: thirds(relayMiB),
    daemonMiB: thirds(daemonMiB),
    seconds: Math.round((Date.now() - began) / 1000),
    complete: done === plan.length,
    seed: options.seed,
  };
}

/** What was said, and where it is by now. */
interface Tally extends Told {
  readonly known: Map<string, { readonly author: string; readonly to: readonly string[] }>;
  readonly refused: Record<string, number>;
  accepted(): number;
  /** The most that ever waited for one member. */
  mostWaiting(): number;
  /** Reads what is new in the journals; gives how many events are not yet everywhere. */
  look(): number;
}

function createTally(town: SoakNetwork): Tally {
  const known: Tally["known"] = new Map();
  const missing = new Map<string, Set<string>>();
  const refused: Record<string, number> = {};
  let accepted = 0;
  const waiting = new Map<string, number>();
  let mostWaiting = 0;
  const learn = (id: string, event: { readonly author: string; readonly to: readonly string[] }): void => {
    if (known.has(id)) return;
    known.set(id, event);
    const lacking = town.members.filter(({ name, journal }) => belongs(event, name) && !journal.events.has(id));
    if (lacking.length > 0) missing.set(id, new Set(lacking.map((m) => m.name)));
  };
  return {
    known,
    refused,
    accepted: () => accepted,
    mostWaiting: () => mostWaiting,
    waits(name, count) {
      waiting.set(name, count);
      mostWaiting = Math.max(mostWaiting, count);
    },
    waiting: () => Math.max(0, ...waiting.values()),
    accept(id, author, to) {
      accepted += 1;
      learn(id, { author, to });
    },
    refuse(code) {
      refused[code] = (refused[code] ?? 0) + 1;
    },
    look() {
      for (const { name, journal } of town.members) {
        for (const id of journal.look()) {
          const event = journal.events.get(id)!;
          if (!isMember(town, event.author)) continue; // what a stranger says counts for nothing
          learn(id, event);
          const lacking = missing.get(id);
          if (lacking?.delete(name) === true && lacking.size === 0) missing.delete(id);
        }
      }
      return missing.size;
    },
  };
}

/** Plays one episode: its sayings and faults side by side; resolves when all is said and every fault undone. */
async function play(town: SoakNetwork, { faults, sayings }: Episode, tally: Tally): Promise<void> {
  const began = Date.now();
  const until = (ms: number): Promise<void> => sleep(Math.max(0, began + ms - Date.now()));
  const suffer = async (fault: Fault): Promise<void> => {
    await until(fault.afterMs);
    const disturbance: Disturbance = await disturb(town, fault.kind, fault.member);
    await until(fault.afterMs + fault.ms);
    await disturbance.undo();
  };
  // Two faults on the same thing are one after the other, or the first undoing would undo both.
  const chains = new Map<string, Promise<void>>();
  for (const fault of faults) {
    const what = fault.kind.endsWith("-relay") ? "relay" : String(fault.member);
    chains.set(
      what,
      (chains.get(what) ?? Promise.resolve()).then(() => suffer(fault)),
    );
  }
  const speak = async (member: SoakMember, own: readonly Saying[]): Promise<void> => {
    const queue = [...own];
    const speaker = async (): Promise<void> => {
      for (let saying = queue.shift(); saying !== undefined; saying = queue.shift()) {
        await until(saying.afterMs);
        await say(town, member, saying, tally);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, speaker));
  };
  await Promise.all([
    ...chains.values(),
    ...town.members.map((member, n) =>
      speak(
        member,
        sayings.filter((s) => s.author === n),
      ),
    ),
  ]);
}

/** How long it takes from now until every event is everywhere. */
async function recovery(tally: Tally): Promise<number> {
  const began = performance.now();
  while (tally.look() > 0 && performance.now() - began < RECOVER_WITHIN_MS) await sleep(LOOK_MS);
  return performance.now() - began;
}

function sample(town: SoakNetwork): { readonly relay: number; readonly daemon: number } {
  // One that was killed is not counted until it is there again.
  const daemons = town.members.map((member) => residentMiB(member.daemonPid)).filter((mib) => mib > 0);
  return {
    relay: residentMiB(town.relay.pid),
    daemon: daemons.reduce((a, b) => a + b, 0) / Math.max(1, daemons.length),
  };
}

function residentMiB(pid: number | undefined): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    return 0; // no /proc here, or it is gone
  }
}

function thirds(figures: readonly number[]): Memory {
  const third = Math.max(1, Math.floor(figures.length / 3));
  const middle = (part: readonly number[]): number =>
    Math.round([...part].sort((a, b) => a - b)[Math.floor(part.length / 2)] ?? 0);
  return {
    first: middle(figures.slice(0, third)),
    second: middle(figures.slice(third, Math.max(2 * third, third + 1))),
    last: middle(figures.slice(-third)),
  };
}

/** A seed for who gives none. */
export function newSeed(): number {
  return Math.floor(createRandom(Date.now())() * 1_000_000);
}
