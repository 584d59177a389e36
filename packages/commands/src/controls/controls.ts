// `controls`: the operators' decisions in force.
import type { MemberControls, Results } from "@agora/ipc";
import { harmlessLine } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import { defineCommand } from "../define-command.ts";
import { noWords } from "../read-value.ts";
import { PLAIN, showTime } from "../show.ts";

export const controls = defineCommand({
  summary: "what operators have decided and is in force",
  words: [],
  options: [],
  group: "Operate",
  example: "agora controls",
  read: noWords,
  run,
});

async function run(_: object, around: CommandContext): Promise<Answer<Results["controls"]>> {
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
