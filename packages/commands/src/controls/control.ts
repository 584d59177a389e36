// The operator's commands: `pause`, `resume`, `stop-all`, `reset`, `kick`, `ban`, `unban`, `interrupt`, `inject`, `rates`.
import type { Results } from "@agora/ipc";
import { fail, harmlessLine, newId, ok, type Result } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import { type CommandRow, type CommandWords, defineCommand, type ReadHelp } from "../define-command.ts";
import { isBlank, readSpan } from "../read-value.ts";
import { showSpan } from "../show.ts";
import type { ReadWords } from "../word-source.ts";

interface ControlWords {
  /** A name, or a name and a seat, as typed without `@`. */
  readonly member?: string | undefined;
  /** The reason; with `inject`, the message. */
  readonly text?: string | undefined;
  /** How long a pause lasts, or a kick keeps somebody out, seconds. */
  readonly forS?: number | undefined;
  readonly rate?: { readonly burst: number; readonly perSecond: number } | undefined;
}

type Act = Results["control"]["act"];
type Row = Pick<CommandWords, "summary" | "words" | "text" | "addressed" | "example"> &
  Partial<Pick<CommandWords, "options">> &
  Pick<CommandRow<ControlWords, unknown>, "read">;

const control = (act: Act, row: Row): CommandRow<ControlWords, Results["control"]> =>
  defineCommand({
    options: [],
    ...row,
    group: "Operate",
    who: "person",
    run: (words, around) => run(act, words, around),
  });

export const pause = control("pause", {
  summary: "operator: hold what is said, by all or by one",
  words: [],
  text: "[REASON]",
  addressed: true,
  options: [{ name: "for", value: "SPAN", summary: "end it after: 90s, 10m, 1h" }],
  example: "agora pause @bob he is in a loop",
  read: (words, help) => lasting(words, addressed("pause", words, help)),
});

export const resume = control("resume", {
  summary: "operator: end a pause",
  words: [],
  text: "[REASON]",
  addressed: true,
  example: "agora resume @bob",
  read: (words, help) => addressed("resume", words, help),
});

/** `stop` on the wire; the command called `stop` stops one's own daemon. */
export const stopAll = control("stop", {
  summary: "operator: stop the room; agents are told, nothing is sent until reset",
  words: [],
  text: "[REASON]",
  example: "agora stop-all something is wrong",
  read: wholeRoom,
});

export const reset = control("reset", {
  summary: "operator: end a stop",
  words: [],
  text: "[REASON]",
  example: "agora reset",
  read: wholeRoom,
});

export const kick = control("kick", {
  summary: "operator: remove a member, who may come back",
  words: ["NAME"],
  text: "[REASON]",
  options: [{ name: "for", value: "SPAN", summary: "and let it in again only after: 10m, 1h, 1d" }],
  example: "agora kick bob",
  read: (words) => lasting(words, oneMember(words)),
});

export const ban = control("ban", {
  summary: "operator: remove a member's key for good",
  words: ["NAME"],
  text: "[REASON]",
  example: "agora ban bob",
  read: oneMember,
});

export const unban = control("unban", {
  summary: "operator: take a ban back",
  words: ["NAME"],
  text: "[REASON]",
  example: "agora unban bob",
  read: oneMember,
});

export const interrupt = control("interrupt", {
  summary: "operator: end the automatic turns of a member or of NAME/SEAT",
  words: ["NAME"],
  text: "[REASON]",
  example: "agora interrupt bob/claude",
  read: oneMember,
});

export const inject = control("inject", {
  summary: "operator: say something as an operator; a name first asks that member",
  words: [],
  text: "TEXT",
  addressed: true,
  example: "agora inject @bob please stop",
  read: (words, help) =>
    isBlank(words.text) && words.to.length <= 1
      ? fail("usage", `inject needs TEXT: ${help.usage}`)
      : addressed("inject", words, help),
});

export const rates = control("rates", {
  summary: "operator: how fast NAME, or all, may speak; off: as the relay has it",
  words: ["NAME", "BURST", "[PER_SECOND]"],
  example: "agora rates bob 5 1",
  read({ words }, { usage }) {
    const [whom = "", burst = "", perSecond] = words;
    const member = whom === "all" ? {} : { member: whom.replace(/^@/, "") };
    if (burst === "off" && perSecond === undefined) return ok(member);
    const rate = { burst: Number(burst), perSecond: Number(perSecond) };
    if (!/^[1-9]\d{0,4}$/.test(burst) || !/^\d{1,5}(\.\d{1,3})?$/.test(perSecond ?? "") || rate.perSecond === 0)
      return fail("usage", `rates takes BURST and PER_SECOND, such as 10 2, or off: ${usage}`);
    return ok({ ...member, rate });
  },
});

function addressed(name: string, { to, text }: ReadWords, { usage }: ReadHelp): Result<ControlWords, "usage"> {
  if (to.length > 1) return fail("usage", `${name} is about one member or about the room: ${usage}`);
  return ok({ ...(to[0] === undefined ? {} : { member: to[0] }), ...(isBlank(text) ? {} : { text }) });
}

/** The same for a span. */
function lasting({ options }: ReadWords, words: Result<ControlWords, "usage">): Result<ControlWords, "usage"> {
  if (!words.ok) return words;
  const span = readSpan(options.get("for"), "for");
  if (!span.ok) return span;
  return ok({ ...words.value, ...(span.value === undefined ? {} : { forS: span.value }) });
}

function wholeRoom({ text }: ReadWords): Result<ControlWords, "usage"> {
  return ok(isBlank(text) ? {} : { text });
}

function oneMember({ words, text }: ReadWords): Result<ControlWords, "usage"> {
  return ok({ member: words[0]!.replace(/^@/, ""), ...(isBlank(text) ? {} : { text }) });
}

async function run(act: Act, words: ControlWords, around: CommandContext): Promise<Answer<Results["control"]>> {
  const { text, rate, forS } = words;
  const alone = act === "pause" || act === "resume" ? await nameAlone(words, around) : undefined;
  const member = alone ?? words.member;
  const reason = alone === undefined ? text : undefined;
  const answer = await askDaemon(around, "control", {
    via: around.via,
    once: newId(),
    // Who is only sent away comes back at once; who is kept out for a while is banned until then.
    act: act === "kick" && forS !== undefined ? "ban" : act,
    ...(forS === undefined ? {} : { forS }),
    ...(member === undefined ? {} : { member }),
    ...(rate === undefined ? {} : { rate }),
    ...(reason === undefined ? {} : act === "inject" ? { text: reason } : { reason }),
  });
  return answer.ok
    ? {
        ok: true,
        data: answer.value,
        lines: [
          `${shown(answer.value)}${forS === undefined ? "" : ` for ${showSpan(forS * 1_000)}`}`,
          ...barredWords(answer.value),
        ],
      }
    : answer;
}

/** `pause bob` means bob if there is a member by that name: the room isn't paused with the reason "bob". */
async function nameAlone({ member, text }: ControlWords, around: CommandContext): Promise<string | undefined> {
  const word = text?.trim().toLowerCase();
  if (member !== undefined || word === undefined || /\s/.test(word)) return undefined;
  const who = await askDaemon(around, "who", { name: word });
  return who.ok && who.value.members.some((m) => m.name === word) ? word : undefined;
}

const DONE: Readonly<Record<Results["control"]["act"], string>> = {
  pause: "paused",
  resume: "resumed",
  stop: "stopped",
  reset: "reset",
  kick: "removed from the room:",
  ban: "banned:",
  unban: "no longer banned:",
  interrupt: "interrupted:",
  inject: "said as an operator to",
  rates: "rates set for",
};

function shown({ act, member, seat, state, reason }: Results["control"]): string {
  const whom =
    member === undefined
      ? act === "rates"
        ? "everybody"
        : "the room"
      : `@${harmlessLine(member, 40)}${seat === undefined ? "" : `/${harmlessLine(seat, 40)}`}`;
  const waits =
    state === "queued" ? ` (it holds here; for the others it is queued: ${harmlessLine(reason ?? "")})` : "";
  return `${DONE[act]} ${whom}${waits}`;
}

/** What a ban keeps out, and what it can't. */
function barredWords({ act, barred, notes = [] }: Results["control"]): string[] {
  const words =
    act !== "ban" || barred === undefined
      ? []
      : [
          `  barred: the key ${barred.key.slice(0, 8)}…, the name ${harmlessLine(barred.name, 40)}${
            barred.grantId === undefined ? "" : `, the invite it came by (id ${harmlessLine(barred.grantId, 64)})`
          }`,
        ];
  return [...words, ...notes.map((note) => `  ${harmlessLine(note, 400)}`)];
}
