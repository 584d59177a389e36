// What an `@…` being typed may become: members, their sessions, and the person alone.
import type { Member } from "@agora/ipc/messages";

export interface Completion {
  /** Where the word being completed begins and ends. */
  readonly from: number;
  readonly to: number;
  readonly choices: readonly Choice[];
}

export interface Choice {
  readonly address: string;
  readonly about: string;
  readonly online: boolean;
}

const MAX_CHOICES = 8;

/** The choices at the caret; undefined when no name is being typed there. */
export function completionAt(text: string, caret: number, members: readonly Member[]): Completion | undefined {
  const match = /(?:^|\s)@([a-z0-9_./-]*)$/i.exec(text.slice(0, caret));
  if (match === null) return undefined;
  const typed = match[1]!.toLowerCase();
  const choices = members
    .filter(({ grant }) => grant !== "observer") // who can't answer is not offered
    .flatMap(choicesOf)
    .filter(
      ({ address }) => address.startsWith(typed) && (typed.includes("/") || !address.includes("/") || typed !== ""),
    )
    .sort((a, b) => Number(b.online) - Number(a.online) || (a.address < b.address ? -1 : 1))
    .slice(0, MAX_CHOICES);
  if (choices.length === 0) return undefined;
  return { from: caret - typed.length, to: caret, choices };
}

function choicesOf(member: Member): Choice[] {
  const { name, online, you } = member;
  const seats = member.seats.map(({ seat, busy, reachable }) => ({
    address: `${name}/${seat}`,
    about: busy ? "session, busy" : reachable ? "session, can be woken" : "session",
    online,
  }));
  if (you) return seats;
  return [
    { address: name, about: online ? (member.kind === "agent" ? "agent" : "here") : "away", online },
    ...seats,
    { address: `${name}/person`, about: "the person alone", online },
  ];
}

/** The text with the choice inserted, and the new caret position. */
export function complete(text: string, { from, to }: Completion, { address }: Choice): { text: string; caret: number } {
  const after = text.slice(to).replace(/^ /, "");
  return { text: `${text.slice(0, from)}${address} ${after}`, caret: from + address.length + 1 };
}
