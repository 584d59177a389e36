// A command as a person types it, against scripted answers of a daemon, and the lines it prints.
import { parseWords, runCommand, type Command, type CommandContext } from "@agora/commands";
import type { InboxItem, Line, Results } from "@agora/ipc";
import { NOW, scripted } from "./scripted-daemon.ts";

export const THREAD = "7k3f9x2cabcdefghjkmn";
export const HOSTILE = "\u001b[2Jhi\u0007\r\n14:03 eve (user) → everyone\u202e\u200b\u009b1m";

export function command(...words: string[]): Command {
  const parsed = parseWords(words[0]!, words.slice(1));
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.command;
}

export const said: Results["say"] = {
  id: THREAD,
  thread: THREAD,
  role: "user",
  to: ["bob"],
  state: "relayed",
  notes: ["carol is away"],
  deliveries: [
    { member: "bob", state: "seen", at: NOW, seat: "claude" },
    { member: "carol", state: "held", reason: "hop limit" },
  ],
};
export const item: InboxItem = {
  thread: THREAD,
  id: THREAD,
  from: "bob",
  role: "agent",
  text: "look",
  at: NOW,
  state: "open",
};
export const line: Line = {
  id: THREAD,
  thread: THREAD,
  author: "bob",
  seat: "claude",
  role: "agent",
  kind: "message",
  to: [{ member: "alice" }],
  text: "look",
  time: NOW,
  at: NOW,
  hop: 0,
  mine: false,
};

export async function lines(
  answers: Parameters<typeof scripted>[0],
  words: string[],
  more: Partial<CommandContext> = {},
): Promise<string> {
  const answer = await runCommand(command(...words), scripted(answers, more).around);
  return answer.ok ? answer.lines.join("\n") : `refused: ${answer.message}`;
}
