// The operator's commands: `pause`, `resume`, `stop-all`, `reset`, `kick`, `ban`, `unban`, `interrupt`, `inject`, `rates`.
import type { MemberControls, Results } from "@agora/ipc";
import { harmlessLine, newId } from "@agora/protocol";
import type { Answer, AnswerData, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import type { CommandOf, ControlCommandName } from "../command.ts";
import { PLAIN, showTime } from "../show.ts";

/** What a command's name is called on the wire, where it differs. */
const ACTS: Partial<Record<ControlCommandName, "stop">> = { "stop-all": "stop" };

export async function control(
  command: CommandOf<ControlCommandName>,
  around: CommandContext,
): Promise<Answer<AnswerData["pause"]>> {
  const { name, text, rate } = command;
  const act = ACTS[name] ?? (name as Exclude<ControlCommandName, "stop-all">);
  const alone = act === "pause" || act === "resume" ? await nameAlone(command, around) : undefined;
  const member = alone ?? command.member;
  const reason = alone === undefined ? text : undefined;
  const answer = await askDaemon(around, "control", {
    via: around.via,
    once: newId(),
    act,
    ...(member === undefined ? {} : { member }),
    ...(rate === undefined ? {} : { rate }),
    ...(reason === undefined ? {} : act === "inject" ? { text: reason } : { reason }),
  });
  return answer.ok
    ? { ok: true, data: answer.value, lines: [shown(answer.value), ...barredWords(answer.value)] }
    : answer;
}

/** `pause bob` means bob when a member is called so: the whole room is not paused for the reason "bob". */
async function nameAlone(command: CommandOf<ControlCommandName>, around: CommandContext): Promise<string | undefined> {
  const word = command.text?.trim().toLowerCase();
  if (command.member !== undefined || word === undefined || /\s/.test(word)) return undefined;
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

/** `controls`: what operators have decided and is in force. */
export async function controls(around: CommandContext): Promise<Answer<AnswerData["controls"]>> {
  const answer = await askDaemon(around, "controls", {});
  if (!answer.ok) return answer;
  const { operator, owner, stopped, paused, rate, members } = answer.value;
  const paint = around.paint ?? PLAIN;
  const by = (what: string, decided: { by: string; at: number; reason?: string }): string => {
    const reason = decided.reason === undefined ? "" : `: ${harmlessLine(decided.reason, 200)}`;
    return `${what} by ${harmlessLine(decided.by, 40)} ${showTime(decided.at, around.now())}${reason}`;
  };
  const ofMember = (m: MemberControls): string[] => {
    const name = m.name === "" ? `the key ${(m.key ?? "").slice(0, 8)}…` : harmlessLine(m.name, 40);
    return [
      ...(m.banned === undefined ? [] : [`${name}: ${by("banned", m.banned)}`]),
      ...(m.paused === undefined ? [] : [`${name}: ${by("paused", m.paused)}`]),
      ...(m.rate === undefined ? [] : [`${name}: rate ${m.rate.burst}, then ${m.rate.perSecond} a second`]),
    ];
  };
  const lines = [
    ...(stopped === undefined ? [] : [paint.bad(by("the room is stopped", stopped))]),
    ...(paused === undefined ? [] : [paint.bad(by("the room is paused", paused))]),
    ...(rate === undefined ? [] : [`everybody: rate ${rate.burst}, then ${rate.perSecond} a second`]),
    ...members.flatMap(ofMember),
  ];
  const may = owner ? "you own this room" : operator ? "you are an operator" : "you are no operator";
  return {
    ok: true,
    data: answer.value,
    lines: [...(lines.length === 0 ? ["nothing is held"] : lines), paint.dim(may)],
  };
}

/** `grant NAME operator`: the room's owner makes a member an operator. */
export async function grant(command: CommandOf<"grant">, around: CommandContext): Promise<Answer<AnswerData["grant"]>> {
  const answer = await askDaemon(around, "grant", { via: around.via, once: newId(), member: command.member });
  if (!answer.ok) return answer;
  const { name, key, id } = answer.value;
  const who = harmlessLine(name, 40);
  return {
    ok: true,
    data: answer.value,
    lines: [`@${who} is an operator, under the key ${key}`, `  the grant's id, by which a relay can revoke it: ${id}`],
  };
}
