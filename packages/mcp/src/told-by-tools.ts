// For a session without hooks (a client that has none, or one whose person has not trusted ours): its tool calls are the
// only signs of its model, and their results the only way to say that something is new.
import { ok, type Result } from "@agora/protocol";
import type { Seat } from "./seat.ts";
import type { ToolAnswer } from "./tool-calls.ts";
import type { ToolName } from "./tools.ts";

export interface ToldByTools {
  /** Runs a call; before it, what was handed counts as seen, after it, the result says what else is new. */
  around(name: ToolName, call: () => Promise<Result<ToolAnswer>>): Promise<Result<ToolAnswer>>;
}

/** These show what is new themselves. */
const SHOWS: ReadonlySet<ToolName> = new Set(["poll", "wait", "inbox"]);

export function createToldByTools(parts: { readonly seat: Seat; readonly hasHooks: () => boolean }): ToldByTools {
  const { seat, hasHooks } = parts;
  return {
    async around(name, call) {
      if (hasHooks()) return await call();
      if (seat.attached) {
        const line = await seat.line({ launch: false });
        if (line.ok) void line.value.request("sign", { deliver: false }).catch(() => undefined);
      }
      const answer = await call();
      const unread = seat.unread ?? 0;
      if (!answer.ok || unread <= 0 || SHOWS.has(name)) return answer;
      const note = `${unread} new for this session: poll shows them.`;
      const { text, data } = answer.value;
      return ok({ text: `${text}\n(${note})`, ...(data === undefined ? {} : { data: { ...data, new: note } }) });
    },
  };
}
