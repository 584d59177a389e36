// The links for other devices of one's own.
import { folds, type Slice } from "../kernel/slice.ts";
import { foldLinks, LINK_OPS, type LinkRecord, type MadeLink } from "./fold.ts";

declare module "../kernel/state.ts" {
  interface MemberState {
    /** By the id of the grant. */
    readonly links: Record<string, MadeLink>;
  }
  interface InRecords {
    readonly links: LinkRecord;
  }
}

export const linkingSlice: Slice = {
  empty: () => ({ links: {} }),
  in: folds(LINK_OPS, ({ links }, record) => foldLinks(links, record)),
};
