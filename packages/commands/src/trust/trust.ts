// `trust NAME`: the person accepts the key that a member now shows.
import type { Results } from "@agora/ipc";
import { harmlessLine, ok } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import { defineCommand } from "../define-command.ts";
import { verificationWords } from "./verification-words.ts";

interface TrustWords {
  readonly member: string;
  readonly compare?: "words" | "verified";
}

/** What `--json` prints: the key that is trusted, or what was compared. */
export interface TrustWordResult extends Partial<Results["trust"]>, Partial<Results["compare"]> {
  readonly words?: readonly string[];
}

export const trust = defineCommand({
  summary: "accept the key a member shows now, or compare by voice whose key it is",
  words: ["NAME"],
  options: [
    { name: "words", summary: "show six words: the member sees the same, if nobody stands between" },
    { name: "verified", summary: "you compared the words, and they were the same" },
  ],
  group: "Room",
  example: "agora trust bob",
  who: ({ compare }: TrustWords) => (compare === "words" ? "anyone" : "person"),
  read({ words, options }) {
    const compare = options.has("verified") ? "verified" : options.has("words") ? "words" : undefined;
    return ok({ member: words[0]!.replace(/^@/, ""), ...(compare === undefined ? {} : { compare }) });
  },
  run,
});

async function run(command: TrustWords, around: CommandContext): Promise<Answer<TrustWordResult>> {
  if (command.compare !== undefined) return compare(command.member, command.compare === "verified", around);
  const answer = await askDaemon(around, "trust", { via: around.via, name: command.member });
  if (!answer.ok) return answer;
  const { name, key, changed } = answer.value;
  const who = harmlessLine(name, 40);
  return {
    ok: true,
    data: answer.value,
    lines: [changed ? `${who} is trusted with the key ${key}` : `${who}'s key was trusted already: ${key}`],
  };
}

async function compare(name: string, verified: boolean, around: CommandContext): Promise<Answer<TrustWordResult>> {
  const answer = verified
    ? await askDaemon(around, "compared", { via: around.via, name })
    : await askDaemon(around, "compare", { name });
  if (!answer.ok) return answer;
  const { root, ownRoot, verified: isVerified } = answer.value;
  const words = await verificationWords(root, ownRoot);
  const who = harmlessLine(answer.value.name, 40);
  return {
    ok: true,
    data: { ...answer.value, words },
    lines: [
      words.join(" "),
      isVerified
        ? `  you compared these words with @${who}: verified`
        : `  ask @${who}, by voice, for the words of ${around.prefix}trust YOUR-NAME --words; if they are the same: ${around.prefix}trust ${who} --verified`,
    ],
  };
}
