// What this person's devices keep together.
import { isUnderstood, ownStateSchema, readBody } from "@agora/protocol";
import { signedEventOf } from "../kernel/record.ts";
import type { Slice } from "../kernel/slice.ts";
import { foldOwn, type OwnEntries, type OwnRecord, wordsOf } from "./fold.ts";

declare module "../kernel/state.ts" {
  interface MemberState {
    readonly ownState: OwnEntries;
  }
  interface InRecords {
    readonly ownState: OwnRecord;
  }
}

export const ownStateSlice: Slice = {
  empty: () => ({ ownState: {} }),
  told({ ownState }, { head, body, line, isMine }) {
    if (head.kind !== "self" || !isMine || !isUnderstood(head)) return;
    const said = readBody(ownStateSchema, body);
    if (said === undefined) return;
    const { id } = head;
    for (const { what, place, value } of wordsOf(said))
      foldOwn(ownState, what, { place, value, stamp: line.stamp, id, event: signedEventOf(line) });
  },
  in: {
    "own-state": ({ ownState }, { what, place, value, stamp }) =>
      foldOwn(ownState, what, { place, value, stamp, id: "" }),
  },
};
