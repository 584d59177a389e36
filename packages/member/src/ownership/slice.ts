// Whom this agent named as its person, and what they said.
import type { Slice } from "../kernel/slice.ts";
import { foldOwner, type OwnerClaim, type OwnerRecord } from "./fold.ts";

declare module "../kernel/state.ts" {
  interface MemberState {
    owner?: OwnerClaim;
  }
  interface InRecords {
    readonly ownership: OwnerRecord;
  }
}

const fold = (state: { owner?: OwnerClaim }, record: OwnerRecord): void => {
  const owner = foldOwner(state.owner, record);
  if (owner !== undefined) state.owner = owner;
};

export const ownershipSlice: Slice = {
  empty: () => ({}),
  in: { "owner-asked": fold, "owner-said": fold },
};
