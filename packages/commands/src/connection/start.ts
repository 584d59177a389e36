// `start`: the member of this project joins its room. Settles who it is and with which settings, then joins; a stored token that
// is refused may be replaced at once by the person.
import { findProject, isTooWide, readEnvSettings, type Typed } from "@agora/user-config";
import { roleOf } from "@agora/ipc";
import { CLOSE_CODES, fail, type Failure, ok } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { defineCommand } from "../define-command.ts";
import { NO_LINK, takeLink } from "../devices/take-link.ts";
import { recognizeProject } from "../recognize-project.ts";
import { readStart, START_WORDS, type StartWords } from "./start-words.ts";
import { agentsLimits, decide, inviteOf, underItsName } from "./start-settings.ts";
import { join, type Joined, type StartResult } from "./join-project.ts";

export const start = defineCommand({ ...START_WORDS, read: readStart, run });

async function run(command: StartWords, around: CommandContext): Promise<Answer<StartResult>> {
  const joined = await startWith(command, around);
  if (joined.ok && command.invite !== undefined && command.invite !== "-") {
    around.terminal?.warn(
      `The invite stood in the command line, where others on this machine can see it: "${around.prefix}start -" reads it from standard input.`,
    );
  }
  return joined;
}

/**
 * Joins by a server entry in the user's own configuration of a client: what stands there counts as if the person had typed it here, in
 * any folder.
 *
 * @param entry the entry's AGORA_ variables
 */
export async function startByEntry(entry: CommandContext["env"], around: CommandContext): Promise<Joined> {
  const read = readEnvSettings(entry);
  if (!read.ok) return read;
  const { relayUrl, token, room, defaultName, namePrefix, mode, kind, owner } = read.value;
  const words: StartWords = {
    ...{ relay: relayUrl, invite: token, room, as: defaultName, mode, force: true },
    ...(namePrefix === undefined ? {} : { namePrefix }),
    ...(kind === undefined ? {} : { kind }),
    ...(owner === undefined ? {} : { owner }),
  };
  const joined = await startWith(words, { ...around, env: entry });
  if (joined.ok || joined.code !== "name-in-use") return joined;
  return fail(joined.code, `${joined.message} AGORA_NAME_PREFIX in its place gives each folder a name of its own.`);
}

async function startWith(given: StartWords, around: CommandContext): Promise<Joined> {
  const place = findProject(around.home, around.project);
  if (!place.ok) return place;
  if (given.force !== true && isTooWide(around.project)) return tooWide(around.project);
  const read = await inviteOf(given, around);
  if (!read.ok) return read;
  const byLink =
    roleOf(around.via) === "agent" ? ok(NO_LINK) : await takeLink(read.value.invite, read.value.as, around);
  if (!byLink.ok) return byLink;
  const command = { ...read.value, as: read.value.as ?? byLink.value.name };
  const listed = place.value.project?.path === around.project ? place.value.project : undefined;
  const byAgent = roleOf(around.via) === "agent";
  const known = await recognizeProject(around, listed, { name: command.as, byAgent });
  if (!known.ok) return known;
  const { before } = known.value;
  const notes = [...byLink.value.notes, ...known.value.notes];
  if (byAgent) {
    const refused = agentsLimits(command, before);
    if (refused !== undefined) return refused;
  }
  const typed: Typed = {
    ...(command.namePrefix === undefined ? {} : { namePrefix: command.namePrefix }),
    ...(command.kind === undefined ? {} : { kind: command.kind }),
    ...(command.owner === undefined ? {} : { owner: command.owner }),
    ...(command.as === undefined ? {} : { name: command.as }),
    ...(command.relay === undefined ? {} : { relay: command.relay }),
    ...(command.room === undefined ? {} : { room: command.room }),
    ...(command.mode === undefined ? {} : { mode: command.mode }),
    ...(command.invite === undefined ? {} : { token: command.invite }),
    ...(command.trustRelay === undefined ? {} : { relayKey: command.trustRelay }),
  };
  const decided = await decide(typed, before, around);
  const settings = await underItsName(decided, typed, before, around);
  if (!settings.ok) return settings;
  const joined = await join(settings.value, before, around, notes);
  if (joined.ok || !refusedToken(joined) || settings.value.tokenFrom !== "stored" || byAgent) return joined;
  // The stored token is no longer valid: a person at a terminal can enter a new one right away.
  const token = await around.ask?.secret("The stored token is refused. A new token, or an invite (agora1.…):");
  if (token === undefined || token === "") return joined;
  const again = await decide({ ...typed, token }, before, around);
  return again.ok ? await join(again.value, before, around, notes) : again;
}

/** Refuses a folder in which every repository below would speak as one member. */
function tooWide(folder: string): Failure<"too-wide"> {
  return fail(
    "too-wide",
    `${folder} is not a project: it holds more than one. Start in the project's own folder, or with --force if you mean this one.`,
  );
}

function refusedToken(failure: Failure): boolean {
  return failure.message.includes(CLOSE_CODES.badToken.sentence) || failure.code === "bad-token";
}
