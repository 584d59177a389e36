// What was stated about keys, and which events were kept before their key was revoked.
import { putLatest } from "../kernel/latest.ts";
import type { Slice } from "../kernel/slice.ts";
import { whoIs } from "../kernel/state.ts";
import { foldStatement, type HeldStatements, type StatementRecord } from "./fold.ts";

declare module "../kernel/state.ts" {
  interface MemberState {
    readonly keys: HeldStatements;
    /** When each event was kept that counts no more since its key was revoked, by id. */
    readonly disowned: Record<string, number>;
  }
  interface InRecords {
    readonly keys:
      | ({ readonly op: "key" } & StatementRecord)
      | { readonly op: "disown"; readonly id: string; readonly at: number };
  }
}

const MAX_DISOWNED = 5_000;

export const keysSlice: Slice = {
  empty: () => ({ keys: {}, disowned: {} }),
  in: {
    key: (state, record) => foldStatement(state.keys, record, whoIs(state)),
    disown: ({ disowned }, { id, at }) => putLatest(disowned, id, at, MAX_DISOWNED),
  },
};
