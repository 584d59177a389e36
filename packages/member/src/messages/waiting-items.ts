// What waits in the inbox for the person: mentions, questions, cards about chains, and notes.
import type { AttentionItem } from "@agora/ipc/messages";
import { harmlessLine } from "@agora/protocol";
import { waitsForPerson } from "../inbox/fold.ts";
import type { Context } from "./context.ts";
import { toInboxItem } from "./inbox.ts";

/** How much of a text is shown in a list, characters. */
const PREVIEW = 200;

/** Those items, as attention lists them. */
export function waitingItems(room: Context): AttentionItem[] {
  return Object.values(room.store.state.inbox)
    .filter(waitsForPerson)
    .map((item) => {
      const { id, from, role, thread, channel, at, reason, kind, question, text, seat } = toInboxItem(room, item);
      const place = { thread, ...(channel === undefined ? {} : { channel }) };
      const base = { id, from, role, since: at, ...place, text: harmlessLine(text, PREVIEW) };
      if (kind === "card") return { ...base, kind: "budget" };
      if (item.note !== undefined) return { ...base, kind: "note" };
      const { seat: asker, expires, urgent } = question ?? {};
      return {
        ...base,
        kind: question === undefined ? "mention" : "question",
        ...(asker === undefined ? {} : { seat: asker }),
        ...(expires === undefined ? {} : { deadline: expires }),
        ...(urgent === true ? { urgent } : {}),
        ...(question !== undefined && role === "agent"
          ? { blocks: [asker === undefined ? from : `${from}/${asker}`] }
          : {}),
        ...(reason === undefined ? {} : { reason }),
        ...(question === undefined && seat !== undefined ? { seat } : {}),
      };
    });
}
