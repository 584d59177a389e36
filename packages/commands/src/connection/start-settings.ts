// The settings of a start: from the invite, the words, the environment and what is recorded. What is missing is asked for
// where somebody can answer.
import { type Project, resolveSettings, type Settings, type Typed, writeExampleSettings } from "@agora/user-config";
import { roleOf } from "@agora/ipc";
import { personOnly } from "@agora/ipc/person-only";
import { decodeInvite, fail, type Failure, namedByToken, ok, type Result } from "@agora/protocol";
import type { CommandContext } from "../answer.ts";
import { MODE_AUTO } from "../permissions.ts";
import type { StartWords } from "./start-words.ts";

/** Longer than any invite. */
const MAX_INVITE_CHARS = 64 * 1024;

/** The command with its invite: `-` means standard input, or asking the person. */
export async function inviteOf(command: StartWords, { ask, terminal }: CommandContext): Promise<Result<StartWords>> {
  if (command.invite !== "-") return ok(command);
  if (terminal === undefined)
    return fail("usage", "- reads the standard input, which only a terminal has: paste the invite itself.");
  const text = (await terminal.input(MAX_INVITE_CHARS)) ?? (await ask?.secret("The invite (agora1.…):"));
  const invite = text?.trim() ?? "";
  if (invite === "")
    return fail("usage", "No invite came on standard input: agora start - < FILE, with nothing else in it.");
  return decodeInvite(invite) === undefined
    ? fail("usage", "What came on standard input is not a whole invite: that is one word, and begins with agora1.")
    : ok({ ...command, invite });
}

/**
 * An invite bound to a name provides that name if no other was chosen. Under another name the relay would refuse it, so that
 * is said at once.
 */
export async function underItsName(
  decided: Result<Settings>,
  typed: Typed,
  before: Project | undefined,
  around: CommandContext,
): Promise<Result<Settings>> {
  const bound = decided.ok ? namedByToken(decided.value.token) : undefined;
  if (!decided.ok || bound === undefined || bound === decided.value.name) return decided;
  const isChosen = typed.name !== undefined || before !== undefined || (around.env["AGORA_NAME"] ?? "") !== "";
  if (!isChosen) return await decide({ ...typed, name: bound }, before, around);
  return fail(
    "invalid-name",
    `This invite is for the name ${bound}, not for ${decided.value.name}: ${around.prefix}start -n ${bound}, or ask for one of your own.`,
  );
}

/** An agent may only restart what a person set up, and at most tighten a brake. */
export function agentsLimits(command: StartWords, before: Project | undefined): Failure | undefined {
  if (before === undefined) {
    return fail(
      "not-allowed",
      "Nobody has started this project yet: a person does that first, in the client or in a terminal of their own.",
    );
  }
  if (command.mode === "auto" && before.mode !== "auto") return personOnly(MODE_AUTO);
  const differs = (wish: string | undefined, recorded: string): boolean => wish !== undefined && wish !== recorded;
  if (
    command.invite !== undefined ||
    command.trustRelay !== undefined ||
    differs(command.as, before.name) ||
    differs(command.room, before.room) ||
    differs(command.relay, before.relay)
  ) {
    return fail(
      "not-allowed",
      "An agent can only start what was set up before: another name, room, relay or invite is the person's to give.",
    );
  }
  return undefined;
}

/** The settings; missing ones are asked for where somebody can answer. */
export async function decide(
  typed: Typed,
  before: Project | undefined,
  around: CommandContext,
): Promise<Result<Settings>> {
  const person = roleOf(around.via) === "user";
  const resolve = (words: Typed): ReturnType<typeof resolveSettings> =>
    resolveSettings({
      home: around.home,
      path: around.project,
      ...(before === undefined ? {} : { project: before }),
      env: person ? around.env : {},
      trustEnv: around.via === "cli",
      typed: words,
    });
  let settings = await resolve(typed);
  if (!settings.ok && person && typed.token === undefined && around.ask !== undefined) {
    if (settings.code === "missing-relay") {
      const invite = await around.ask.secret("An invite (agora1.…), as the room's owner gave it to you:");
      if (invite !== undefined && decodeInvite(invite) !== undefined)
        settings = await resolve({ ...typed, token: invite.trim() });
    } else if (settings.code === "missing-token") {
      const token = await around.ask.secret("The room's token, or an invite (agora1.…):");
      if (token !== undefined && token.trim() !== "") settings = await resolve({ ...typed, token: token.trim() });
    }
  }
  if (settings.ok || (settings.code !== "missing-relay" && settings.code !== "missing-token") || !person)
    return settings;
  const example = await writeExampleSettings(around.home, {
    ...(typed.relay === undefined ? {} : { relayUrl: typed.relay }),
    ...(typed.name === undefined ? {} : { defaultName: typed.name }),
  });
  if (!example.ok || !example.value.written) return settings;
  const { path, missing } = example.value;
  const file = settings.message.includes(path) ? "That file" : path;
  return fail(
    settings.code,
    `${settings.message} ${file} was just written for you, with ${missing.join(" and ")} still to fill in.`,
  );
}
