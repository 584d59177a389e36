// `invite [NAME]` and `invite revoke ID`, typed by the person in a session: for its project's room.
import { parseArgs } from "node:util";
import type { Answer, CommandContext } from "@agora/commands";
import { scrubbedEnv } from "@agora/user-config";
import { fail, ok, type Result } from "@agora/protocol";
import { type InviteFlags, makeOrRevoke } from "./commands/invite.ts";
import type { Start } from "./terminal.ts";

/** Creates an invite; the lines say what the other person types. */
export async function inviteInSession(words: readonly string[], around: CommandContext): Promise<Answer> {
  const read = readSessionWords(words);
  if (!read.ok) return read;
  const { home, project, entry = "" } = around;
  // The session's environment may come from the project: it can't name a relay, or a folder to read an address from.
  const env = { ...scrubbedEnv(around.env), AGORA_HOME: home.path };
  const start: Start = { argv: [], env, cwd: project, entry };
  return makeOrRevoke(start, read.value.words, read.value.flags, around);
}

interface SessionInvite {
  readonly words: readonly string[];
  readonly flags: InviteFlags;
}

const TEXT = { type: "string" } as const;

function readSessionWords(args: readonly string[]): Result<SessionInvite, "usage"> {
  try {
    const options = { grant: TEXT, expires: TEXT, uses: TEXT, by: TEXT, ask: { type: "boolean" } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    if (positionals.length <= 2) return ok({ words: positionals, flags: values });
  } catch {
    // An unknown option, or one without a value.
  }
  return fail(
    "usage",
    "it is invite [NAME] [--grant ROLE] [--expires SPAN] [--uses N] [--ask] [--by MEMBER] or invite revoke ID here; the rest is typed in a terminal.",
  );
}
