// An agent that is a member of its own names the person who answers for it. That person is asked once; before they said yes the room
// is told of no owner. What is for the agent's person (questions that are urgent, `who`) goes to them from then on.
import { type OpenEvent, QUESTION, type Question } from "@agora/protocol";
import { defineFeature } from "../kernel/feature.ts";
import { answerOf } from "../questions/fold.ts";
import type { OwnerClaim } from "./fold.ts";
import { ownershipSlice } from "./slice.ts";

/** How long the question waits; then it is asked again. */
const ASKED_FOR_MS = 30 * 24 * 3_600_000;
const YES = "yes";

/** What the named person is asked. */
function formFor(me: string): Question {
  return {
    text: `@${me} is an agent and names you as its person: what it has to ask comes to you, and the room sees it as yours. Is it yours?`,
    pick: "one",
    choices: [
      { id: YES, label: "Yes, it is mine" },
      { id: "no", label: "No" },
    ],
  };
}

export const ownership = defineFeature({
  name: "ownership",
  slice: ownershipSlice,
  start(kernel) {
    const { store, settings, members, pins, me, clock, receipts } = kernel;
    const isAgent = settings.kind === "agent";
    const named = isAgent && settings.owner !== me ? settings.owner : undefined;
    /** The claim on the person who is named now, under the key they have now. */
    const claim = (): OwnerClaim | undefined => {
      const { owner } = store.state;
      return owner !== undefined && owner.name === named && pins.get(owner.name)?.key === owner.key ? owner : undefined;
    };
    const ask = (): void => {
      const key = named === undefined ? undefined : pins.get(named)?.key;
      if (named === undefined || key === undefined || !members.isHere(named)) return;
      const before = claim();
      const isOver = before?.isConfirmed === undefined && clock.now() - (before?.at ?? 0) > ASKED_FOR_MS;
      if (before !== undefined && !isOver) return;
      const event = kernel.events.make({
        ...{ role: "agent", kind: "question", must: true, to: [{ member: named, key, person: true }] },
        ...{ body: JSON.stringify(formFor(me)), media: QUESTION, expires: clock.now() + ASKED_FOR_MS },
      });
      // Noted first: who dies in between has asked once too often at most, and never twice at once.
      const noted = store.in({
        op: "owner-asked",
        claim: { name: named, key, question: event.head.id, at: clock.now() },
      });
      if (noted.ok) void kernel.post(event, [named], `is @${me} yours?`);
    };
    /** Whether an event is the named person's answer, and which. */
    const answerIn = ({ head, body }: Pick<OpenEvent, "head" | "body">): boolean | undefined => {
      const { owner } = store.state;
      const isTheirs = head.role === "user" && head.author === owner?.name && head.key === owner.key;
      if (head.kind !== "answer" || !isTheirs || head.about?.id !== owner.question) return undefined;
      return answerOf({ head, body })?.picked?.[0] === YES;
    };
    return {
      part: undefined,
      hooks: {
        joined: ask,
        presence: ask,
        facts: () => ({
          ...(isAgent ? { kind: "agent" as const } : {}),
          ...(claim()?.isConfirmed === true ? { owner: named! } : {}),
        }),
        addressed(item, event) {
          const answer = answerIn(event);
          if (answer === undefined) return false;
          const question = event.head.about!.id;
          if (store.state.owner?.isConfirmed === undefined)
            store.in({ op: "owner-said", question, isConfirmed: answer });
          receipts.give(item.from, { id: item.id, state: "stored" });
          kernel.factsSoon();
          kernel.tell.connection();
          return true;
        },
        notices() {
          if (named === undefined || claim()?.isConfirmed === true) return [];
          return claim()?.isConfirmed === false
            ? [`@${named} said that this agent is not theirs: the room is told of no owner.`]
            : [`@${named} has not confirmed yet that this agent is theirs; they are asked when they are here.`];
        },
      },
    };
  },
});
