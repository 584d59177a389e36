// `join #x [--with @a @b] [--topic TEXT] [--repo URL]`: being in a channel; opened for somebody, those are told and join by a word.
import type { Results } from "@agora/ipc";
import { fail, harmlessLine, newId, ok, parseAddress, type Result } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import { defineCommand, type ReadHelp } from "../define-command.ts";
import { QUOTE } from "../shared-options.ts";
import type { ReadWords } from "../word-source.ts";
import { doInChannel, showDone } from "./act.ts";

interface JoinWords {
  /** With or without `#`. */
  readonly channel: string;
  /** The topic. */
  readonly text?: string | undefined;
  /** Who is told, without `@`. */
  readonly invited?: readonly string[];
  /** The repository it is about. */
  readonly repo?: string | undefined;
}

/** How a topic and a repository stand in one line. */
const BETWEEN = " · ";
const MAX_REPO_CHARS = 200;

export const join = defineCommand({
  summary: "join a channel; it is opened when there is none of this name",
  more: `${QUOTE} With --with those named are told of the channel; what they are told says how they join.`,
  words: ["CHANNEL"],
  text: "[@NAME…]",
  options: [
    { name: "with", value: "@NAME…", summary: "tell these members of it, and how they join", repeats: true },
    { name: "topic", value: "TEXT", summary: "what it is for, when it is opened" },
    { name: "repo", value: "URL", summary: "the repository it is about; it stands behind the topic" },
  ],
  group: "Talk",
  example: "agora join build --topic 'what breaks' --with @bob",
  read,
  run,
});

function read({ words, options, text }: ReadWords, { usage }: ReadHelp): Result<JoinWords, "usage"> {
  const named = [...(options.get("with") ?? "").split(/\s+/), ...(text ?? "").split(/\s+/)].filter((w) => w !== "");
  if (named.length > 0 && !options.has("with")) return fail("usage", `join takes no more words: ${usage}`);
  const invited: string[] = [];
  for (const word of named) {
    const address = parseAddress(word.replace(/^@/, "").replace(/,$/, ""));
    if (address === undefined) return fail("usage", `--with takes names like @bob: ${usage}`);
    invited.push(address.member);
  }
  const repo = options.get("repo");
  if (repo !== undefined && !isRepository(repo))
    return fail("usage", "--repo takes a URL of a repository, without a password in it.");
  return ok({
    channel: words[0]!,
    text: options.get("topic"),
    ...(invited.length === 0 ? {} : { invited: [...new Set(invited)] }),
    repo,
  });
}

/** What can be cloned: a web address, ssh, or `git@host:path`. A password in it would be told to everybody. */
function isRepository(text: string): boolean {
  if (text.length > MAX_REPO_CHARS || /\s/.test(text)) return false;
  if (/^[\w.-]+@[\w.-]+:[^:]+$/.test(text)) return true;
  if (!URL.canParse(text)) return false;
  const { protocol, password } = new URL(text);
  return ["https:", "http:", "ssh:", "git:"].includes(protocol) && password === "";
}

async function run(words: JoinWords, around: CommandContext): Promise<Answer<Results["channel"]>> {
  const { channel, invited = [], repo } = words;
  const about = [words.text, repo].filter((part) => part !== undefined);
  const done = await doInChannel(
    "join",
    { channel, ...(about.length === 0 ? {} : { text: about.join(BETWEEN) }) },
    around,
  );
  if (!done.ok) return done;
  const to = invited.filter((name) => !done.value.members.includes(name));
  const lines = showDone(done.value);
  if (to.length === 0) return { ok: true, data: done.value, lines };
  const told = await askDaemon(around, "say", {
    id: newId(),
    via: around.via,
    to,
    text: invitation(done.value),
  });
  const names = to.map((name) => `@${harmlessLine(name, 40)}`).join(", ");
  if (!told.ok)
    return fail(told.code, `You are in #${done.value.channel}, but ${names} could not be told: ${told.message}`);
  const notes = told.value.notes.map((note) => `  ${harmlessLine(note)}`);
  return { ok: true, data: { ...done.value, invited: to }, lines: [...lines, `told ${names} how to join`, ...notes] };
}

/** What those are told who are invited; a person reads it as well as a model. */
function invitation({ channel, topic }: Results["channel"]): string {
  const about = topic === undefined ? "" : ` (${topic})`;
  return `Come to #${channel}${about}: "agora join ${channel}" in a terminal, /agora:join ${channel} in a session.`;
}
