// `agora invite [NAME]`: prints one word that lets another person in, and what that person does with it; `invite revoke ID` takes
// one back. How it is made stands in make-invite.ts.
import { type Answer, askDaemon, type CommandContext, viaOfShell } from "@agora/commands";
import { personOnly } from "@agora/ipc/person-only";
import { fail, harmlessLine } from "@agora/protocol";
import { withCommandContext } from "../command-context.ts";
import { inviteText, pastedLine } from "../invite-text.ts";
import { consoleOf, servedConsole } from "../served-console.ts";
import { sourceAddress } from "../source-address.ts";
import { type ExitCode, print, printFailure, printJson, type Start } from "../terminal.ts";
import { type Invitation, type InviteFlags, makeInvite } from "./make-invite.ts";

export type { InviteFlags } from "./make-invite.ts";

/** Creates an invite and prints exactly what the other person types; `revoke ID` takes one back. */
export async function invite(
  start: Start,
  name: string | undefined,
  id: string | undefined,
  flags: InviteFlags,
): Promise<ExitCode> {
  const json = flags.json === true;
  if (viaOfShell(start.env) === "shell") return printFailure(personOnly("Whom to let in", "terminal"), json);
  const done = await withCommandContext(start, flags.project, (around) =>
    makeOrRevoke(start, [name, id], flags, around),
  );
  if (!done.ok) return printFailure(done, json);
  if (json) printJson(done.data);
  else print(...done.lines);
  return 0;
}

/** The words of `invite` carried out. The caller has already checked that a person asks. */
export async function makeOrRevoke(
  start: Start,
  [name, id]: readonly (string | undefined)[],
  flags: InviteFlags,
  around: CommandContext,
): Promise<Answer> {
  if (name === "revoke" && id !== undefined) return revokeInvite(id, around);
  if (id !== undefined) return fail("usage", "An invite is for one NAME; invite revoke ID takes one back.");
  const made = await makeInvite(start, name, flags, around);
  if (!made.ok) return made;
  const { lines, ...ways } = await explain(start, made.value);
  return { ok: true, data: { ...made.value, ...ways }, lines };
}

async function revokeInvite(id: string, around: CommandContext): Promise<Answer> {
  const answer = await askDaemon(around, "revokeInvite", { via: around.via, id });
  if (!answer.ok) return answer;
  const { used, left = [], by } = answer.value;
  const named = (names: readonly string[]): string => names.map((one) => `@${harmlessLine(one, 40)}`).join(", ");
  const who = named(used);
  const stays =
    left.length === 0
      ? []
      : [
          `in still, for their grants could not be taken back here (an operator types agora remove NAME): ${named(left)}`,
        ];
  const others = by === undefined ? [] : [`whom @${harmlessLine(by, 40)} let in by it is in still (agora remove NAME)`];
  const out =
    used.length === 0 ? "" : `; ${who} came by it and ${used.length === 1 ? "is" : "are"} out, unless by another grant`;
  return {
    ok: true,
    data: answer.value,
    lines: [`the invite ${harmlessLine(answer.value.id, 64)} lets nobody in any more${out}`, ...stays, ...others],
  };
}

/** What the person reads: the invite, and what the other person does with it; and the two ways as data. */
export async function explain(
  start: Start,
  made: Invitation,
): Promise<{ readonly lines: string[]; readonly link: string; readonly line: string }> {
  const { invite: word, relay, room, name, notes } = made;
  const page = await servedConsole(relay);
  const source = sourceAddress(start.entry, start.env);
  const link = `${page ?? consoleOf(relay)}#invite=${word}`;
  const line = pastedLine(word, source, name);
  const lines = inviteText({ invite: word, relay, room, what: whatOf(made), name, source, console: page, line, notes });
  return { lines, link, line };
}

function whatOf({ kind, grant, expires, id, uses = 1, by, ask }: Invitation): string {
  const until = expires === undefined ? "" : `, until ${expires}`;
  if (kind === "token") return "the shared token";
  if (kind === "grant") return `a grant (${grant}${until}, id ${id})`;
  const lets = `@${harmlessLine(by ?? "", 40)}, who has to be up, lets in ${ask === true ? "whom a person admits" : uses === 1 ? "one" : `up to ${uses}`}`;
  return `no name (${grant}${until}, id ${id}): ${lets}`;
}
