// The words of `start [INVITE | -]`.
import { decodeInvite, fail, isKey, NO_RELAY_KEY, ok, type Result } from "@agora/protocol";
import type { CommandWords, ReadHelp } from "../define-command.ts";
import { type Mode, readMode } from "../read-value.ts";
import type { ReadWords } from "../word-source.ts";

export interface StartWords {
  readonly as?: string | undefined;
  readonly relay?: string | undefined;
  readonly room?: string | undefined;
  readonly mode?: Mode | undefined;
  /** The relay's key, or `none`. */
  readonly trustRelay?: string | undefined;
  /** An invite (`agora1.…`); `-`: it comes on standard input. */
  readonly invite?: string | undefined;
  /** What a server entry of the user's own says besides; nobody types it. */
  readonly namePrefix?: string;
  readonly kind?: "person" | "agent";
  readonly owner?: string;
  /** Also allow a folder that contains more than a project. */
  readonly force?: true;
}

export const START_WORDS = {
  summary: "join the room with this project",
  words: ["[INVITE | -]"],
  more: "- reads the invite from the standard input: in the command line others on this machine can see it.",
  options: [
    { name: "name", short: "n", value: "NAME", summary: "your name in the room (default: the directory's)" },
    { name: "relay", value: "URL", summary: "the relay, like wss://relay.example.org" },
    { name: "room", value: "ROOM", summary: "the room (default: lobby)" },
    {
      name: "trust-relay",
      value: "KEY",
      summary: "the relay's key, as its admin tells it, instead of the one kept; none: an old relay without one",
    },
    { name: "mode", value: "MODE", summary: "manual: mentions wait for you; auto: the agent answers them" },
    { name: "force", summary: "also in a folder that holds more than a project, such as your own" },
  ],
  group: "Room",
  example: "agora start -n alice --relay wss://relay.example.org",
  launches: true,
} as const satisfies CommandWords & { readonly launches: true };

/** Interprets the words. */
export function readStart({ options, words }: ReadWords, { usage }: ReadHelp): Result<StartWords, "usage"> {
  const mode = readMode(options.get("mode"));
  if (!mode.ok) return mode;
  const invite = words[0];
  if (invite !== undefined && invite !== "-" && decodeInvite(invite) === undefined) {
    return fail(
      "usage",
      invite.startsWith("agora1.")
        ? "This invite is not whole: copy all of it, from agora1. to its last character."
        : `start takes an invite (agora1.…) and nothing else as a word; a name is given with -n: ${usage}`,
    );
  }
  const trustRelay = options.get("trust-relay");
  if (trustRelay !== undefined && trustRelay !== NO_RELAY_KEY && !isKey(trustRelay))
    return fail(
      "usage",
      `--trust-relay takes the relay's key, 43 characters as its start line shows it, or ${NO_RELAY_KEY}.`,
    );
  return ok({
    as: options.get("name"),
    relay: options.get("relay"),
    room: options.get("room"),
    mode: mode.value,
    trustRelay,
    invite,
    ...(options.has("force") ? { force: true } : {}),
  });
}
