// The operators' words that hold, and the grants by which this member is an operator or a lead itself.
import { putLatest } from "../kernel/latest.ts";
import type { Slice } from "../kernel/slice.ts";
import { foldControl, type HeldControl, type HeldControls } from "./fold.ts";

/** Whose word it was, and its number of it: of one author the higher counts, in whatever order they come. */
export interface GivenBy {
  readonly key: string;
  readonly seq: number;
}

declare module "../kernel/state.ts" {
  interface MemberState {
    /** Offered again in every join. */
    readonly controls: HeldControls;
    /** The operator's grant this member was given by the room's owner, and which of its giver's it is. */
    grant?: string;
    grantBy?: GivenBy;
    /** The leads' grants this member was given: by channel, and under "" for the whole room. */
    readonly leads: Record<string, { readonly jwt: string; readonly by: GivenBy }>;
    /** A grant that lets this member hand down others. [GRANT-9] */
    lent?: string;
    /** The grants this member gave, by their ids: taken back when their holder is removed. */
    readonly granted: Record<string, { readonly name: string; readonly key: string }>;
  }
  interface InRecords {
    readonly controls:
      | { readonly op: "uncontrol"; readonly place: string }
      | { readonly op: "control"; readonly what: string; readonly control: HeldControl }
      | { readonly op: "grant"; readonly jwt: string; readonly by?: GivenBy }
      | { readonly op: "lead"; readonly place: string; readonly jwt: string; readonly by: GivenBy }
      | { readonly op: "lent"; readonly jwt: string }
      | { readonly op: "granted"; readonly id: string; readonly to: { readonly name: string; readonly key: string } };
  }
}

const MAX_LEADS = 100;
const MAX_GRANTED = 500;

export const controlsSlice: Slice = {
  empty: () => ({ controls: {}, leads: {}, granted: {} }),
  in: {
    control: ({ controls }, { what, control }) => void foldControl(controls, what, control),
    uncontrol({ controls }, { place }) {
      delete controls[place];
    },
    grant(state, { jwt, by }) {
      state.grant = jwt;
      if (by !== undefined) state.grantBy = by;
    },
    lead: ({ leads }, { place, jwt, by }) => putLatest(leads, place, { jwt, by }, MAX_LEADS),
    lent(state, { jwt }) {
      state.lent = jwt;
    },
    granted: ({ granted }, { id, to }) => putLatest(granted, id, to, MAX_GRANTED),
  },
};
