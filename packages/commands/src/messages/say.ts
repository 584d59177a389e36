// `say [@a @b] [--thread ID] [--role agent] [--file PATH] TEXT`.
import { resolve } from "node:path";
import type { Results } from "@agora/ipc";
import { fail, newId, ok, type Result } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import { defineCommand, type ReadHelp } from "../define-command.ts";
import { CHANNEL, QUOTE, THREAD } from "../shared-options.ts";
import { showSaid } from "../show-said.ts";
import type { ReadWords } from "../word-source.ts";

/** A file is read and hashed before it is offered; a large one takes time. */
const FILE_TIMEOUT_MS = 60_000;

/** What to say, to whom and where. */
export interface SayWords {
  /** Addresses without `@`, as typed. */
  readonly to: readonly string[];
  /** The channel to say it in, without `#`. */
  readonly channel?: string | undefined;
  readonly text: string;
  readonly thread?: string | undefined;
  /** As typed; relative to where the command was given. */
  readonly file?: string | undefined;
  readonly asAgent: boolean;
}

export const say = defineCommand({
  summary: "say something to the room, in a channel, or to those named first",
  words: [],
  text: "TEXT",
  addressed: true,
  inChannel: true,
  more: QUOTE,
  options: [
    THREAD,
    { ...CHANNEL, summary: "in this channel; the same as a leading #name" },
    { name: "role", value: "agent", summary: "speak as the agent, not as the person" },
    { name: "file", value: "PATH", summary: "send a file along" },
  ],
  group: "Talk",
  example: "agora say @bob can you check the schema?",
  speaks: true,
  read,
  run,
});

async function run(command: SayWords, around: CommandContext): Promise<Answer<Results["say"]>> {
  const { to, channel, text, thread, file, asAgent } = command;
  const answer = await askDaemon(
    around,
    "say",
    {
      // If a daemon ends before it answers, the repeated request doesn't say it twice.
      id: newId(),
      via: around.via,
      text,
      to: [...to],
      ...(channel === undefined ? {} : { channel }),
      ...(thread === undefined ? {} : { thread }),
      ...(file === undefined ? {} : { file: locate(file, around) }),
      ...(asAgent ? { asAgent } : {}),
    },
    file === undefined ? undefined : FILE_TIMEOUT_MS,
  );
  if (!answer.ok) return answer;
  return { ok: true, data: answer.value, lines: showSaid(answer.value, around) };
}

/** The absolute path; `~/` belongs to the shell, but a slash command accepts it too. */
function locate(file: string, { cwd, env }: CommandContext): string {
  const home = env["HOME"] ?? env["USERPROFILE"];
  return file.startsWith("~/") && home !== undefined ? resolve(home, file.slice(2)) : resolve(cwd, file);
}

function read({ options, to, channel: leading, text }: ReadWords, { usage }: ReadHelp): Result<SayWords, "usage"> {
  const channel = options.get("channel") ?? leading;
  if (leading !== undefined && channel !== leading) return fail("usage", "A message goes to one channel.");
  const role = options.get("role");
  if (role !== undefined && role !== "agent") {
    return fail("usage", "--role takes agent only: that a person typed it shows by itself.");
  }
  const file = options.get("file");
  if (file === "") return fail("usage", "--file needs PATH.");
  if (text === undefined && file === undefined) return fail("usage", `say needs TEXT: ${usage}`);
  return ok({
    to: [...new Set(to)],
    ...(channel === undefined ? {} : { channel }),
    text: text ?? "",
    thread: options.get("thread"),
    file,
    asAgent: role === "agent",
  });
}
