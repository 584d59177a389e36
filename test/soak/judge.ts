// What a run proved: every accepted event in every journal where it belongs, once, in one order, and nowhere else.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DeliveryState } from "@agora/protocol";
import type { Item, Outbox } from "@agora/member";
import type { Held } from "./journal-view.ts";

/** A member's journal, as the judge sees it. */
export interface Witness {
  readonly name: string;
  /** Where its daemon keeps what it remembers. */
  readonly memory: string;
  readonly events: ReadonlyMap<string, Held>;
}

/** Events by id, with whom they concern. */
export type Known = ReadonlyMap<string, { readonly author: string; readonly to: readonly string[] }>;

export interface Verdict {
  readonly lost: number;
  readonly twice: number;
  readonly misordered: number;
  readonly misdelivered: number;
  readonly stuck: number;
  /** The first few of each, for whoever looks for the reason. */
  readonly examples: readonly string[];
}

const MAX_EXAMPLES = 12;

/** How far each mention has come at the end: nobody here refuses one, holds one, or says one that gets too old. */
export const ARRIVED: ReadonlySet<DeliveryState> = new Set(["stored", "handed", "seen", "answered"]);

/** Whether an event belongs into a member's journal. */
export function belongs(event: { readonly author: string; readonly to: readonly string[] }, name: string): boolean {
  return event.to.length === 0 || event.author === name || event.to.includes(name);
}

/** Judges the journals; `known` holds what was accepted, and what any journal holds besides. */
export function judge(known: Known, witnesses: readonly Witness[]): Verdict {
  const examples: string[] = [];
  const counts = { lost: 0, twice: 0, misordered: 0, misdelivered: 0, stuck: 0 };
  const count = (what: keyof typeof counts, id: string, where: string): void => {
    counts[what] += 1;
    if (examples.length < MAX_EXAMPLES) examples.push(`${what}: ${id} ${where}`);
  };
  for (const [id, event] of known) {
    const stamps = new Map<string, string>();
    for (const { name, events } of witnesses) {
      const held = events.get(id);
      if (held !== undefined) stamps.set(name, held.stamp);
      if (belongs(event, name)) {
        if (held === undefined) count("lost", id, `of ${event.author} at ${name}`);
        else if (held.times > 1) count("twice", id, `of ${event.author} at ${name}`);
      } else if (held !== undefined) count("misdelivered", id, `of ${event.author} at ${name}`);
    }
    // One stamp everywhere is one order for all who hold two of them.
    if (new Set(stamps.values()).size > 1)
      count("misordered", id, [...stamps].map(([name, stamp]) => `${name} ${stamp}`).join(", "));
  }
  for (const witness of witnesses)
    for (const what of stuckAt(known, witness)) count("stuck", what, `at ${witness.name}`);
  return { ...counts, examples };
}

/** What waits although everybody is here, or ended on the way: unsent, unconfirmed, refused, or addressed to this member and never in its inbox. */
function stuckAt(known: Known, { name, memory: dir, events }: Witness): readonly string[] {
  const { state } = JSON.parse(readFileSync(join(dir, "checkpoint.json"), "utf8")) as {
    readonly state: { readonly outbox: Outbox; readonly inbox: Readonly<Record<string, Item>> };
  };
  const stuck: string[] = [];
  for (const own of Object.values(state.outbox)) {
    if (own.state !== "relayed") stuck.push(`${own.id} ${own.state}`);
    else
      for (const [member, { state: at, reason = "" }] of Object.entries(own.recipients))
        if (!ARRIVED.has(at)) stuck.push(`${own.id} ${at} for ${member} ${reason}`.trimEnd());
  }
  const files = readdirSync(dir).filter((file) => /^inbox(-\d+)?\.jsonl$/.test(file));
  const isWhole = files.every(
    (file) => file === "inbox.jsonl" || /-0+\.jsonl$/.test(file) || files.some((f) => /-0+\.jsonl$/.test(f)),
  );
  const added = new Set<string>();
  for (const file of files)
    for (const line of readFileSync(join(dir, file), "utf8").split("\n")) {
      if (line.startsWith('{"op":"add"')) added.add((JSON.parse(line) as { readonly item: Item }).item.id);
      if (!line.startsWith('{"op":"close"')) continue;
      // Its author knows of the latest events alone how they ended; here it stands for longer.
      const { id, how } = JSON.parse(line) as { readonly id: string; readonly how: string };
      if (how === "expired" && known.has(id)) stuck.push(`${id} expired in the inbox`);
    }
  if (!isWhole) return stuck; // older segments were folded into the checkpoint and dropped
  for (const { id, author, to } of events.values())
    if (known.has(id) && author !== name && to.includes(name) && !added.has(id))
      stuck.push(`${id} of ${author} never in the inbox`);
  return stuck;
}
