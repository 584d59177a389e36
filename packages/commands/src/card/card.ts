// `card`: what the room is for, and the repositories that its people work in; an operator or a lead sets it.
import type { Results } from "@agora/ipc";
import { fail, harmlessLine, newId, ok, type Repository, type Result } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import { defineCommand } from "../define-command.ts";
import { PLAIN, showTime } from "../show.ts";
import type { ReadWords } from "../word-source.ts";

interface CardWords {
  readonly title?: string;
  readonly purpose?: string;
  readonly repositories?: readonly Repository[];
  /** Labels of repositories that go. */
  readonly without?: readonly string[];
}

export const card = defineCommand({
  summary: "the room's card: title, purpose, repositories; an operator or a lead sets it",
  words: [],
  options: [
    { name: "title", value: "TEXT", summary: "what the room is called; an empty text takes it away" },
    { name: "purpose", value: "TEXT", summary: "what it is for; an empty text takes it away" },
    {
      name: "repo",
      value: "URL=LABEL",
      summary: "add a repository, or give its label another address; give it for each",
      repeats: true,
    },
    { name: "without-repo", value: "LABEL", summary: "take a repository off; give it for each", repeats: true },
  ],
  more: "An address is https, ssh or git, or git@host:path, and holds no password and no token: everybody in the room reads it.",
  group: "Room",
  example: "agora card --title 'Shop' --repo https://github.com/acme/shop=shop",
  who: (words) => (isChange(words) ? "person" : "anyone"),
  act: "the room's card",
  read: readCard,
  run,
});

function readCard({ options }: ReadWords): Result<CardWords, "usage"> {
  const linesOf = (name: string): readonly string[] => options.get(name)?.split("\n") ?? [];
  const repositories: Repository[] = [];
  for (const word of linesOf("repo")) {
    const at = word.lastIndexOf("=");
    if (at < 1 || at === word.length - 1)
      return fail("usage", "--repo takes the address and a label for it: --repo https://github.com/acme/shop=shop");
    repositories.push({ url: word.slice(0, at), label: word.slice(at + 1) });
  }
  const title = options.get("title");
  const purpose = options.get("purpose");
  const without = linesOf("without-repo");
  return ok({
    ...(title === undefined ? {} : { title }),
    ...(purpose === undefined ? {} : { purpose }),
    ...(repositories.length === 0 ? {} : { repositories }),
    ...(without.length === 0 ? {} : { without }),
  });
}

/** Whether the words set something; without that they only look. */
function isChange({ title, purpose, repositories, without }: CardWords): boolean {
  return [title, purpose, repositories, without].some((field) => field !== undefined);
}

async function run(words: CardWords, around: CommandContext): Promise<Answer<Results["card"]>> {
  if (!isChange(words)) {
    const answer = await askDaemon(around, "card", {});
    return answer.ok ? { ok: true, data: answer.value, lines: show(answer.value, around) } : answer;
  }
  const { title, purpose, repositories, without } = words;
  const answer = await askDaemon(around, "setCard", {
    ...{ via: around.via, once: newId() },
    ...(title === undefined ? {} : { title }),
    ...(purpose === undefined ? {} : { purpose }),
    ...(repositories === undefined ? {} : { repositories: [...repositories] }),
    ...(without === undefined ? {} : { without: [...without] }),
  });
  if (!answer.ok) return answer;
  const { state, reason, ...set } = answer.value;
  const waits = state === "queued" ? [`(it is queued for the others: ${harmlessLine(reason ?? "")})`] : [];
  return { ok: true, data: set, lines: [...show(set, around), ...waits] };
}

function show({ room, title, purpose, repositories, by, at, mine }: Results["card"], around: CommandContext): string[] {
  const paint = around.paint ?? PLAIN;
  const name = harmlessLine(room, 64);
  if (by === undefined) {
    const how = mine === true ? `: ${around.prefix}card --title … --repo …` : "";
    return [`${paint.name(name)} has no card yet${how}`];
  }
  return [
    `${paint.name(name)}${title === undefined ? "" : `: ${harmlessLine(title)}`}`,
    ...(purpose === undefined ? [] : [`  ${harmlessLine(purpose, 500)}`]),
    ...repositories.map(({ label, url }) => `  ${harmlessLine(label, 40)}  ${harmlessLine(url, 500)}`),
    paint.dim(`  set by @${harmlessLine(by, 40)}${at === undefined ? "" : ` ${showTime(at, around.now())}`}`),
  ];
}
