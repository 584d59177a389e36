// `grant NAME ROLE`: makes a member an operator, or a lead of the room or of one channel.
import type { Results } from "@agora/ipc";
import { fail, harmlessLine, newId, ok, type Result } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import { defineCommand } from "../define-command.ts";
import { readSpan } from "../read-value.ts";
import type { ReadWords } from "../word-source.ts";

interface GrantWords {
  readonly member: string;
  readonly role: "operator" | "lead";
  /** The one channel to lead in. */
  readonly channel?: string;
  readonly expiresS?: number;
}

export const grant = defineCommand({
  summary: "make a member an operator (the room's owner), or a lead (an operator, too)",
  words: ["NAME", "ROLE"],
  options: [
    { name: "in", value: "CHANNEL", summary: "lead: of this channel alone" },
    { name: "expires", value: "SPAN", summary: "how long: 30m, 12h, 7d (default: without end)" },
  ],
  more:
    "ROLE is operator or lead. A lead sets the topics of channels, decides who is in them, and sets the room's card; pausing, stopping and banning " +
    "stay with operators.",
  group: "Operate",
  example: "agora grant bob lead",
  who: "person",
  read: readGrant,
  run,
});

function readGrant({ words, options }: ReadWords): Result<GrantWords, "usage"> {
  const [name = "", role] = words;
  const member = name.replace(/^@/, "");
  if (role !== "operator" && role !== "lead")
    return fail("usage", `The role is operator or lead: grant ${member.slice(0, 40)} lead.`);
  const channel = options.get("in");
  if (channel !== undefined && role !== "lead")
    return fail("usage", "An operator is for the whole room: --in goes with lead alone.");
  const expires = readSpan(options.get("expires"), "expires");
  if (!expires.ok) return expires;
  return ok({
    ...{ member, role },
    ...(channel === undefined ? {} : { channel }),
    ...(expires.value === undefined ? {} : { expiresS: expires.value }),
  });
}

async function run(
  { member, role, channel, expiresS }: GrantWords,
  around: CommandContext,
): Promise<Answer<Results["appoint"]>> {
  const wish = { via: around.via, once: newId(), member, ...(expiresS === undefined ? {} : { expiresS }) };
  const place = channel === undefined ? {} : { channel };
  const answer: Result<Results["appoint"]> =
    role === "operator"
      ? await askDaemon(around, "grant", wish)
      : await askDaemon(around, "appoint", { ...wish, ...place });
  if (!answer.ok) return answer;
  const { name, key, id, channel: only } = answer.value;
  const where = only === undefined ? "" : ` of #${harmlessLine(only, 40)}`;
  const what = role === "operator" ? "an operator" : `a lead${where}`;
  return {
    ok: true,
    data: answer.value,
    lines: [
      `@${harmlessLine(name, 40)} is ${what}, under the key ${key}`,
      `  the grant's id, by which a relay can revoke it: ${id}`,
    ],
  };
}
