// `invite [NAME] [--grant ROLE] [--expires SPAN]`, typed by the person in a session: for its project's room.
import { parseArgs } from "node:util";
import type { Answer, CommandContext } from "@agora/commands";
import { scrubbedEnv } from "@agora/home";
import { fail, ok, type Result } from "@agora/protocol";
import { explain, type InviteFlags, makeInvite } from "./commands/invite.ts";
import type { Start } from "./terminal.ts";

/** Creates an invite; the lines say what the other person types. */
export async function inviteInSession(words: readonly string[], around: CommandContext): Promise<Answer> {
  const read = readSessionWords(words);
  if (!read.ok) return read;
  const { home, project, entry = "" } = around;
  // The session's environment may come from the project: it can't name a relay, or a folder to read an address from.
  const env = { ...scrubbedEnv(around.env), AGORA_HOME: home.path };
  const start: Start = { argv: [], env, cwd: project, entry };
  const made = await makeInvite(start, read.value.name, read.value);
  return made.ok ? { ok: true, data: made.value, lines: await explain(start, made.value) } : made;
}

function readSessionWords(words: readonly string[]): Result<InviteFlags & { readonly name?: string }, "usage"> {
  try {
    const options = { grant: { type: "string" }, expires: { type: "string" } } as const;
    const { values, positionals } = parseArgs({ args: [...words], options, allowPositionals: true });
    const [name, ...more] = positionals;
    if (more.length === 0) return ok({ ...values, ...(name === undefined ? {} : { name }) });
  } catch {
    // An unknown option, or one without a value.
  }
  return fail("usage", "it is invite [NAME] [--grant ROLE] [--expires SPAN] here; the rest is typed in a terminal.");
}
