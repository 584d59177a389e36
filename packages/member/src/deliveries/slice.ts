// How far has come what this person's other devices said.
import type { OwnEvent } from "../kernel/delivery.ts";
import { folds, type Slice } from "../kernel/slice.ts";
import type { MemberState } from "../kernel/state.ts";
import { type AllSentElsewhere, type ElsewhereRecord, foldElsewhere } from "./fold.ts";

declare module "../kernel/state.ts" {
  interface MemberState {
    readonly sentElsewhere: AllSentElsewhere;
  }
  interface InRecords {
    readonly deliveries: ElsewhereRecord;
  }
}

/** All that this person said from any device, in the order it was said, as far as it is followed here. */
export function allSent({ outbox, sentElsewhere }: MemberState): readonly OwnEvent[] {
  const others = Object.values(sentElsewhere);
  const own = Object.values(outbox);
  return others.length === 0 ? own : [...own, ...others].sort((a, b) => a.at - b.at);
}

export const deliveriesSlice: Slice = {
  empty: () => ({ sentElsewhere: {} }),
  in: folds(["sent-elsewhere", "heard-elsewhere"], ({ sentElsewhere }, record) => foldElsewhere(sentElsewhere, record)),
};
