// The record: whether an author tells two stories, of one number or of what came before. What comes second is kept as a proof, and a
// person is told; nothing is refused for it, since a reader can't know which of the two the others have. [RECORD-5]
import { harmlessLine, type OpenEvent } from "@agora/protocol";
import { defineFeature } from "../kernel/feature.ts";
import { audienceWords } from "./finding.ts";
import { follows, type Link, mayShareNumber, seqBefore, toLink } from "./link.ts";
import { recordSlice } from "./slice.ts";

/** Chains of which the latest link is remembered. */
const MAX_CHAINS = 2_000;
/** How long a person is told of it. */
const TOLD_MS = 7 * 24 * 3_600_000;
/** Authors named at once. */
const MAX_TOLD = 3;

export const record = defineFeature({
  name: "record",
  slice: recordSlice,
  start(kernel) {
    const { store, stamps, verifier, clock, log, tell } = kernel;
    /** The latest link of each chain that was heard in this life. */
    const latest = new Map<string, Link>();
    const remember = (link: Link): void => {
      latest.delete(link.mark);
      latest.set(link.mark, link);
      if (latest.size > MAX_CHAINS) latest.delete(latest.keys().next().value!);
    };
    const tellOf = ({ head, signed }: OpenEvent, { audience }: Link): void => {
      if (Object.hasOwn(store.state.conflicts, head.key)) return;
      log.warn("two-stories", { author: head.author, id: head.id });
      const { author, key, seq } = head;
      store.in({ op: "conflict", at: clock.now(), author, key, audience, seq, head: signed.head, sig: signed.sig });
      tell.connection();
    };
    return {
      part: undefined,
      hooks: {
        kept({ event, isMine }) {
          if (isMine) return;
          const link = toLink(event.head, event.signed.head, verifier);
          const before = latest.get(link.mark);
          if (before?.seq === seqBefore(link) && link.prev !== undefined && !follows(link, before)) tellOf(event, link);
          if (before === undefined || before.seq < link.seq) remember(link);
        },
        repeated(event) {
          if (Object.hasOwn(store.state.conflicts, event.head.key)) return;
          const link = toLink(event.head, event.signed.head, verifier);
          const kept = stamps.at(link);
          if (kept !== undefined && !mayShareNumber(kept, link)) tellOf(event, link);
        },
        notices() {
          const told = Object.values(store.state.conflicts).filter(({ at }) => clock.now() - at < TOLD_MS);
          return told
            .slice(-MAX_TOLD)
            .map(
              ({ author, seq, audience }) =>
                `@${author} signed two different stories (number ${seq} ${harmlessLine(audienceWords(audience), 80)}): the first one is kept here. \`agora verify\` shows more.`,
            );
        },
      },
    };
  },
});
