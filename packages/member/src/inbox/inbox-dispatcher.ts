// What other parts of a member ask of whoever decides what becomes of an addressed event.
import type { OpenEvent } from "@agora/protocol";
import type { Closing, Item, WakeMethod } from "./fold.ts";
import type { ChainLimits } from "./reply-limits.ts";

export interface InboxDispatcher {
  /** Chains are limited by this from now on. */
  limitChains(limits: ChainLimits): void;
  /** Tells whether a turn of a seat is under way: what it was handed stays its own. */
  busyWhen(isBusy: (seat: string) => boolean): void;
  /** A question of this daemon to its person. */
  addCard(item: Omit<Item, "state">): void;
  /** What is for the person in either mode, whatever the brakes say, and for the reason that is given. */
  addForPerson(item: Omit<Item, "state">, reason: string): void;
  /** Our own person's word to a seat: asked of it in either mode. */
  addAccepted(item: Omit<Item, "state">): void;
  /** What another device of this person gave to this one: that one has it too, and has told its author. */
  addFromOther(item: Omit<Item, "state">): void;
  /** Another device of this person has handed it over, or ended it: here it is handed to nobody. */
  takenByOther(id: string, how: "handed" | "answered" | "rejected"): void;
  /** The time of a question of our own is over: for the seat that asked, by the bounds of its chain. */
  addOver(item: Omit<Item, "state">): void;
  /** A new item: decides whether it waits for the person or for a seat. */
  add(item: Omit<Item, "state">, event: OpenEvent): void;
  /** Items a seat may be given now: not another seat's, not too old. */
  for(seat: string): readonly Item[];
  handed(item: Item, seat: string, rung: WakeMethod): void;
  seen(item: Item): void;
  /** Falls to the inbox of the person. */
  fall(item: Item, reason: string): void;
  /** The person hands it over. `give` hands it to the session that shows it, before anybody is woken for it. */
  accept(item: Item, seat: string | undefined, extra: string | undefined, give: () => void): void;
  close(item: Item, how: Closing, reason?: string): void;
  nudged(item: Item): void;
  /** A person gave a chain more turns: what it had left in the inbox goes on. */
  resume(chain: string, turns: number): void;
  /** A pause is over: what it had left in the inbox goes on. */
  unpause(): void;
  /** An operator, or the person, ended the turns of these seats: what they hold waits for the person. */
  interrupt(seats: readonly string[], reason: string): void;
  /** The session of a seat ended: what it held is free. */
  release(seat: string): void;
  /** Items to wake this seat for; it becomes their handler. */
  takeForWake(seat: string, busy: boolean): readonly Item[];
  /** Looks at ages and handlers; call it now and then. */
  tick(): void;
}
