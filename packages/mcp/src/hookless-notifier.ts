// For a session without hooks (the client has none, or its person hasn't trusted ours): tool calls are the only signs of its
// model, and their results the only way to announce news.
import { ok, type Result } from "@agora/protocol";
import type { Seat } from "./seat.ts";
import type { ToolAnswer } from "./tool-calls.ts";
import type { ToolName } from "./tools.ts";

export interface HooklessNotifier {
  /** Runs a call. Before it, what was handed over counts as seen; after it, the result mentions any other news. */
  around(name: ToolName, call: () => Promise<Result<ToolAnswer>>): Promise<Result<ToolAnswer>>;
}

/** These show the news themselves. */
const SHOWS: ReadonlySet<ToolName> = new Set(["poll", "wait", "inbox"]);

export interface ToldParts {
  readonly seat: Seat;
  readonly hasHooks: () => boolean;
  /** What to say, once, about hooks that should have arrived. */
  readonly missing?: () => string | undefined;
}

export function createHooklessNotifier({ seat, hasHooks, missing = () => undefined }: ToldParts): HooklessNotifier {
  return {
    async around(name, call) {
      if (hasHooks()) return await call();
      if (seat.attached) {
        const line = await seat.line({ launch: false });
        if (line.ok) void line.value.request("sign", { deliver: false }).catch(() => undefined);
      }
      const answer = await call();
      const warning = missing();
      if (!answer.ok) return warning === undefined ? answer : { ...answer, message: `${answer.message} (${warning})` };
      const unread = seat.unread ?? 0;
      const notes = {
        ...(unread <= 0 || SHOWS.has(name) ? {} : { new: `${unread} new for this session: poll shows them.` }),
        ...(warning === undefined ? {} : { hooks: warning }),
      };
      const lines = Object.values(notes).map((note) => `\n(${note})`);
      const { text, data } = answer.value;
      return ok({ text: `${text}${lines.join("")}`, ...(data === undefined ? {} : { data: { ...data, ...notes } }) });
    },
  };
}
