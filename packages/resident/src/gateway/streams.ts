// The streams and waits that are open, so that they can be bounded and ended.
import { MAX_STREAMS } from "../limits.ts";
import type { Call, Streams } from "./call.ts";
import type { Authenticator, Principal } from "./principal.ts";

export interface OpenStreams extends Streams {
  /** Ends those whose credentials don't count any more. */
  sweep(auth: Pick<Authenticator, "holds">): void;
  endAll(why: string): void;
}

/** Makes an empty list. */
export function createStreams(): OpenStreams {
  const open = new Map<Call["response"], { readonly principal: Principal; readonly end: (why: string) => void }>();
  const endIf = (why: string, test: (principal: Principal) => boolean): void => {
    for (const { principal, end } of [...open.values()]) if (test(principal)) end(why);
  };
  return {
    add({ principal, member, response }, kind, end) {
      if (open.size >= MAX_STREAMS) return false;
      const stream = member.openStream(kind);
      if (stream === undefined) return false;
      open.set(response, { principal, end });
      response.once("close", () => {
        open.delete(response);
        stream.close();
      });
      return true;
    },
    sweep: (auth) => endIf("the token does not count any more", (principal) => !auth.holds(principal)),
    endAll: (why) => endIf(why, () => true),
  };
}
