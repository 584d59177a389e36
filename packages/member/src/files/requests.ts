// What is asked of files.
import type { RequestHandlers } from "@agora/ipc";
import { fail, ok } from "@agora/protocol";
import type { RoomFiles } from "./keeper.ts";

/** Creates the handlers. */
export function fileRequests(files: Pick<RoomFiles, "stateOf">): RequestHandlers {
  return {
    async storedFile({ id }) {
      const state = files.stateOf(id);
      if (state?.path === undefined) return fail("bad-file", "This file is not here.");
      const { path, name, size, sha256 } = state;
      return ok({ path, name, size, sha256 });
    },
  };
}
