// What waits for this member: the open items. And the person's rules: who may wake an agent here, and where another mode holds.
import { folds, type Slice } from "../kernel/slice.ts";
import { foldInbox, type Inbox, type InboxRecord, type Item } from "./fold.ts";
import { foldRule, noRules, type ReplyRules, type RuleRecord } from "./rules-fold.ts";

declare module "../kernel/state.ts" {
  interface MemberState {
    readonly inbox: Inbox;
    readonly replyRules: ReplyRules;
  }
  interface InRecords {
    readonly inbox: InboxRecord | EarlierHandle | RuleRecord;
  }
}

/** A record of format 1: the handler of an item was called its lease. */
type EarlierHandle = Omit<Extract<InboxRecord, { readonly op: "handle" }>, "op"> & { readonly op: "lease" };
type EarlierItem = Item & { readonly lease?: Item["handler"] };

export const inboxSlice: Slice = {
  empty: () => ({ inbox: {}, replyRules: noRules() }),
  in: {
    ...folds(
      ["add", "wait", "again", "handle", "free", "handed", "seen", "nudged", "accept", "close"],
      (state, record) => void foldInbox(state.inbox, record),
    ),
    lease: ({ inbox }, record) => void foldInbox(inbox, { ...record, op: "handle" }),
    ...folds(["allow", "mode-at"], (state, record) => void foldRule(state.replyRules, record)),
  },
  adopt({ inbox }) {
    for (const [id, item] of Object.entries(inbox)) {
      const { lease, ...rest }: EarlierItem = item;
      if (lease !== undefined) inbox[id] = { ...rest, handler: lease };
    }
  },
  restsOn: (record) => (record.op === "add" ? record.item.position : undefined),
  needs: ({ inbox }) => Object.values(inbox).map(({ position }) => position),
};
