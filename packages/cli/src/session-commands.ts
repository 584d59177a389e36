// Terminal commands that a person may also type in a client's session. Each is loaded when it is typed.
import type { SessionWord } from "@agora/commands";
import type { SessionCommand } from "@agora/mcp";

export const SESSION_COMMANDS: Readonly<Record<SessionWord, SessionCommand>> = {
  console: async (words, around) => (await import("./commands/console.ts")).consoleInSession(words, around),
  invite: async (words, around) => (await import("./invite-in-session.ts")).inviteInSession(words, around),
  doctor: async (words, around) => (await import("./doctor-in-session.ts")).doctorInSession(words, around),
};
