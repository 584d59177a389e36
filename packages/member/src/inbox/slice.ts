// What waits for this member: the open items. And the person's rules: who may wake an agent here, and where another mode holds.
import { folds, type Slice } from "../kernel/slice.ts";
import { foldInbox, type Inbox, type InboxRecord } from "./fold.ts";
import { foldRule, noRules, type ReplyRules, type RuleRecord } from "./rules-fold.ts";

declare module "../kernel/state.ts" {
  interface MemberState {
    readonly inbox: Inbox;
    readonly replyRules: ReplyRules;
  }
  interface InRecords {
    readonly inbox: InboxRecord | RuleRecord;
  }
}

export const inboxSlice: Slice = {
  empty: () => ({ inbox: {}, replyRules: noRules() }),
  in: {
    ...folds(
      ["add", "wait", "again", "lease", "free", "handed", "seen", "nudged", "accept", "close"],
      (state, record) => void foldInbox(state.inbox, record),
    ),
    ...folds(["allow", "mode-at"], (state, record) => void foldRule(state.replyRules, record)),
  },
  needs: ({ inbox }) => Object.values(inbox).map(({ position }) => position),
};
