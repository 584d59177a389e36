// How a member of a run says one thing: where it says it is decided once, and then it is said until somebody took it. Members
// keep up with their inboxes as people do, or at a run's end what waits there would be more than an inbox keeps.
import { setTimeout as sleep } from "node:timers/promises";
import type { InboxItem } from "@agora/ipc";
import type { Saying } from "./plan.ts";
import type { SoakNetwork } from "./test-network.ts";
import type { SoakMember } from "./soak-member.ts";

const SAY_AGAIN_MS = 500;
/**
 * An answer to all of a thread closes about two mentions here and makes about two elsewhere. When so many wait for anybody, only
 * whoever asked is answered: that makes none. An episode brings up to 300 to a member that is away meanwhile, and an inbox
 * keeps 500 besides those of strangers.
 */
const BEHIND = 100;

/** Where something goes: these members, in a thread when it is an answer. */
interface Place {
  readonly to: readonly string[];
  readonly thread?: string;
}

/** What came of the attempts to say something. */
export interface Told {
  accept(id: string, author: string, to: readonly string[]): void;
  refuse(code: string): void;
  /** So much waits for a member that looked. */
  waits(name: string, count: number): void;
  /** The most that waits for one member, as each saw it last. */
  waiting(): number;
}

/** Says one thing, again under the same id for as long as nobody answered. */
export async function say(town: SoakNetwork, member: SoakMember, saying: Saying, told: Told): Promise<void> {
  let place: Place | undefined;
  for (;;) {
    const daemon = await member.daemon();
    place ??= await placeOf(town, member, saying, told);
    const said = await daemon.request("say", {
      via: "cli",
      text: saying.text,
      id: saying.id,
      ...place,
      to: [...place.to],
    });
    if (said.ok)
      return told.accept(
        saying.id,
        member.name,
        said.value.to.map((word) => word.split("/")[0]!),
      );
    if (said.code === "gone" || said.code === "timeout") continue;
    told.refuse(said.code);
    if (said.code !== "disk") return;
    await sleep(SAY_AGAIN_MS); // the sentence asks to make room: then it is said again
  }
}

/** Whether a name is a member's; others are strangers of a flood. */
export function isMember(town: SoakNetwork, name: string): boolean {
  return town.members.some((member) => member.name === name);
}

/** An answer goes to something that waits in the member's inbox, another for each saying; all else to whom the plan says. */
async function placeOf(town: SoakNetwork, member: SoakMember, saying: Saying, told: Told): Promise<Place> {
  const waiting = saying.isAnswer ? await waitingFor(town, member) : [];
  if (saying.isAnswer) told.waits(member.name, waiting.length);
  const picked = waiting[Number(saying.id.slice(-6)) % waiting.length];
  if (picked === undefined) return { to: saying.to.map((n) => town.members[n]!.name) };
  const { thread } = picked;
  // The daemon takes an answer for one to the latest that waits in the thread.
  const latest = waiting.findLast((item) => item.thread === thread)!;
  return { thread, to: told.waiting() > BEHIND ? [latest.from] : [] };
}

/** What waits for the member; who looks has read what needs no answer. */
async function waitingFor(town: SoakNetwork, member: SoakMember): Promise<readonly InboxItem[]> {
  const inbox = await (await member.daemon()).request("inbox", { via: "cli" });
  if (!inbox.ok) return [];
  return inbox.value.items.filter((item) => item.answers === undefined && isMember(town, item.from));
}
