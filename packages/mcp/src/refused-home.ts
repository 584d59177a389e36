// A session whose environment names a home that can't be trusted: nothing is read or run there, and every request for
// something of the room is answered with one sentence saying why.
import { harmlessLine, type Failure } from "@agora/protocol";
import type { HookDialect } from "./hook-call.ts";
import type { ServerParts } from "./server.ts";

const MAX_CHARS = 600;

/** Answers every tool and every typed command with the sentence; other hooks get nothing. */
export function refusing(failure: Failure, dialect: HookDialect | undefined): Pick<ServerParts, "call" | "hook"> {
  const message = harmlessLine(failure.message, MAX_CHARS);
  return {
    call: async () => ({ ...failure, message }),
    hook:
      dialect &&
      (async (input, _, meta) => {
        const call = dialect.read(input, meta);
        if (call?.moment !== "prompt" || call.wake || !call.prompt.startsWith(dialect.prefix)) return {};
        return dialect.write(call, { answer: "block", text: `Not done, because: ${message}` });
      }),
  };
}
