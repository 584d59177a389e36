// `who`: who is in the room; connected, reachable and busy are three different things.
import type { Member } from "@agora/ipc";
import { harmlessLine, type SeatFacts } from "@agora/protocol";
import type { Answer, AnswerData, Paint, Surroundings } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import { PLAIN, showTime } from "../show.ts";
import { showConnection } from "../show-connection.ts";

export async function who(around: Surroundings): Promise<Answer<AnswerData["who"]>> {
  const answer = await askDaemon(around, "who", {});
  if (!answer.ok) return answer;
  const { connection, members } = answer.value;
  const paint = around.paint ?? PLAIN;
  const sorted = [...members].sort((a, b) => Number(b.online) - Number(a.online) || a.name.localeCompare(b.name));
  return {
    ok: true,
    data: answer.value,
    lines: [
      showConnection(connection, paint),
      ...sorted.flatMap((m) => showMember(m, around.now(), paint, around.prefix)),
    ],
  };
}

function showMember(member: Member, now: number, paint: Paint, prefix: string): string[] {
  const name = harmlessLine(member.name, 40);
  const since = member.since === undefined ? "" : ` since ${showTime(member.since, now)}`;
  const place = [member.host, member.dir, member.branch].filter((x) => x !== undefined).map((x) => harmlessLine(x, 60));
  const facts = [
    member.online ? paint.good(`online${since}`) : paint.dim(`away${since}`),
    ...(member.kind === "agent"
      ? [member.owner === undefined ? "agent" : `agent of ${harmlessLine(member.owner, 40)}`]
      : []),
    ...(member.grant === undefined || member.grant === "member" ? [] : [member.grant]),
    ...(member.mode === undefined ? [] : [`mode=${member.mode}`]),
    ...(place.length === 0 ? [] : [place.join(" ")]),
    ...(member.idle === true ? ["idle"] : []),
    ...(member.paused === true ? ["paused by an operator"] : []),
    ...(member.status === undefined ? [] : [harmlessLine(member.status, 100)]),
  ];
  return [
    `  ${paint.name(name)}${member.you ? " (you)" : ""}: ${facts.join(" · ")}`,
    ...member.seats.map((seat) => `    ${showSeat(name, seat)}`),
    ...(member.keyChanged
      ? [paint.bad(`    shows another key than before: nothing from it is taken until you say ${prefix}trust ${name}`)]
      : []),
  ];
}

/** `alice/claude: connected, reachable, busy`. */
export function showSeat(name: string, seat: SeatFacts): string {
  const facts = [
    seat.connected ? "connected" : "not connected",
    seat.reachable ? "reachable" : "not reachable",
    seat.waiting === true ? "waits for a permission" : seat.busy ? "busy" : "idle",
  ];
  return `${name}/${harmlessLine(seat.seat, 40)}: ${facts.join(", ")}`;
}
