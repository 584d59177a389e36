// How much each seat said lately, and to whom.
import type { Slice } from "../kernel/slice.ts";
import { type Activity, foldActivity, noActivity } from "./fold.ts";

declare module "../kernel/state.ts" {
  interface MemberState {
    readonly activity: Activity;
  }
}

export const activitySlice: Slice = {
  empty: () => ({ activity: noActivity() }),
  told: ({ activity }, { head, line, who }) => foldActivity(activity, { ...line, head }, who),
};
