// Files by the id of their offer: one's own and others'.
import type { Slice } from "../kernel/slice.ts";
import { type FileRecord, foldFile } from "./fold.ts";

declare module "../kernel/state.ts" {
  interface MemberState {
    readonly files: Record<string, FileRecord>;
  }
  interface InRecords {
    readonly files: { readonly op: "file"; readonly id: string } & FileRecord;
  }
}

export const filesSlice: Slice = {
  empty: () => ({ files: {} }),
  in: {
    file({ files }, record) {
      const { op: _, id, ...file } = record;
      foldFile(files, id, file);
    },
  },
};
