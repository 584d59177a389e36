// `who`: who is in the room; connected, reachable and busy are three different things.
import type { DeviceHere, Member, ProvenRung } from "@agora/ipc";
import type { Results } from "@agora/ipc";
import { harmlessLine, ok, type SeatFacts } from "@agora/protocol";
import type { Answer, Paint, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import { defineCommand } from "../define-command.ts";
import { showConnection } from "../show-connection.ts";
import { hookTroubles } from "../show-hook-reach.ts";
import { PLAIN, showSpan, showTime } from "../show.ts";

interface WhoWords {
  readonly member?: string | undefined;
  readonly all?: true;
}

export const who = defineCommand({
  summary: "who is in the room, and who can be reached",
  words: ["[NAME]"],
  options: [{ name: "all", summary: "everybody known, however long ago they left" }],
  group: "Room",
  example: "agora who",
  looks: true,
  read: ({ words, options }) =>
    ok({ member: words[0]?.replace(/^@/, ""), ...(options.has("all") ? { all: true } : {}) }),
  run,
});

async function run({ member, all }: WhoWords, around: CommandContext): Promise<Answer<Results["who"]>> {
  const answer = await askDaemon(around, "who", {
    ...(member === undefined ? {} : { name: member }),
    ...(all === undefined ? {} : { all }),
  });
  if (!answer.ok) return answer;
  const { connection, members, left = 0, rungs } = answer.value;
  const paint = around.paint ?? PLAIN;
  const sorted = [...members].sort((a, b) => Number(b.online) - Number(a.online) || a.name.localeCompare(b.name));
  return {
    ok: true,
    data: answer.value,
    lines: [
      showConnection(connection, paint),
      ...sorted.flatMap((m) => showMember(m, m.you ? rungs : undefined, around.now(), paint, around.prefix)),
      ...hookTroubles(around.home, around.now()).map((trouble) => paint.bad(`  ${trouble}`)),
      ...(member !== undefined && members.length === 0 ? [`  nobody known is called ${harmlessLine(member, 40)}`] : []),
      ...(left === 0 ? [] : [paint.dim(`  and ${left} more who are away: ${around.prefix}who NAME, or who --all`)]),
    ],
  };
}

type Rungs = readonly ProvenRung[];

/** `rungs`: known only for one's own seats; other members don't share theirs. */
function showMember(member: Member, rungs: Rungs | undefined, now: number, paint: Paint, prefix: string): string[] {
  const name = harmlessLine(member.name, 40);
  const from = member.online ? member.since : member.awaySince;
  const since = from === undefined ? "" : ` since ${showTime(from, now)}`;
  const place = [member.host, member.dir, member.branch].filter((x) => x !== undefined).map((x) => harmlessLine(x, 60));
  const facts = [
    member.online ? paint.good(`online${since}`) : paint.dim(`away${since}`),
    ...(member.kind === "agent"
      ? [member.owner === undefined ? "agent" : `agent of ${harmlessLine(member.owner, 40)}`]
      : []),
    ...(member.grant === undefined || member.grant === "member" ? [] : [member.grant]),
    ...(member.mode === undefined ? [] : [`mode=${member.mode}`]),
    ...(place.length === 0 ? [] : [place.join(" ")]),
    ...(member.devices === undefined ? [] : [`on ${showDevices(member.devices)}`]),
    ...(member.verified === true ? ["verified"] : []),
    ...(member.idle === true ? ["idle"] : []),
    ...(member.paused === true ? ["paused by an operator"] : []),
    ...(member.onlyLeavesWord === true ? ["may only leave you a word"] : []),
    ...(member.status === undefined ? [] : [harmlessLine(member.status, 100)]),
  ];
  return [
    `  ${paint.name(name)}${member.you ? " (you)" : ""}: ${facts.join(" · ")}`,
    ...member.seats.map((seat) => `    ${showSeat(name, seat, rungs, now)}`),
    ...(member.keyChanged
      ? [paint.bad(`    shows another key than before: nothing from it is taken until you say ${prefix}trust ${name}`)]
      : []),
  ];
}

/** `2 devices: laptop, phone`; one that has no name goes by its host. */
export function showDevices(devices: readonly DeviceHere[]): string {
  const names = devices.flatMap(({ name, host }) => {
    const called = name ?? host;
    return called === undefined ? [] : [harmlessLine(called, 64)];
  });
  return `${devices.length} devices${names.length < devices.length ? "" : `: ${names.join(", ")}`}`;
}

/** `alice/claude: connected, reachable, busy; waking proven 3 h ago`. */
export function showSeat(name: string, seat: SeatFacts, rungs?: Rungs, now = 0): string {
  const facts = [
    seat.connected ? "connected" : "not connected",
    seat.reachable ? "reachable" : "not reachable",
    seat.waiting === true ? showWaiting(seat, now) : seat.busy ? "busy" : "idle",
  ];
  const proven =
    rungs === undefined
      ? ""
      : `; ${showProven(
          rungs.filter((one) => one.seat === seat.seat),
          now,
        )}`;
  return `${name}/${harmlessLine(seat.seat, 40)}: ${facts.join(", ")}${proven}`;
}

/** `waits for permission: Bash, 4 min`; without the tool, where its client doesn't tell. */
function showWaiting({ waitingFor, waitingSince }: SeatFacts, now: number): string {
  const what =
    waitingFor === undefined ? "waits for a permission" : `waits for permission: ${harmlessLine(waitingFor, 60)}`;
  return waitingSince === undefined || now - waitingSince < 60_000 ? what : `${what}, ${showSpan(now - waitingSince)}`;
}

function showProven(rungs: Rungs, now: number): string {
  const at = rungs.find(({ rung }) => rung === "wake")?.at;
  return at === undefined ? "waking unproven" : `waking proven ${showSpan(Math.max(0, now - at))} ago`;
}
