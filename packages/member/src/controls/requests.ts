// The operator's requests: pause, stop, kick and the like as control events.
import type { RequestArgs, Results } from "@agora/ipc";
import {
  CONTROL,
  type Control,
  fail,
  harmlessLine,
  isWhole,
  MAX_SPARED,
  ok,
  parseAddress,
  type Result,
  type OpenEvent,
} from "@agora/protocol";
import type { Kernel } from "../kernel/kernel.ts";
import type { OperatorControls } from "./keeper.ts";

/** Carries a control of our own out here, before the relay has taken it. */
export type Obey = (event: OpenEvent, control: Control, stamp?: string) => void;

/** What these requests use. */
export type Context = Kernel & { readonly controls: OperatorControls; readonly obey: Obey };

export type Code = "not-allowed" | "bad-request" | "unknown-recipient" | "disk" | "too-long";

/** What operators have decided, and whether this member is one. */
export function controlsOf(room: Kernel & { readonly controls: OperatorControls }): Results["controls"] {
  return { operator: room.controls.mayControl(), owner: room.options.owner !== undefined, ...room.controls.state() };
}

/** How long a control waits for the relay before it is answered as queued, milliseconds. */
const STAMP_WITHIN_MS = 3_000;
const MAX_REASON = 500;

/**
 * Decides something as an operator: at once here, by the relay and at all others as soon as they hear of it.
 *
 * @param exactly the name and key it is about, in place of those that `member` would be resolved to
 */
export async function control(
  room: Context,
  args: RequestArgs<"control">,
  exactly?: Pick<Control, "member" | "key">,
): Promise<Result<Results["control"], Code>> {
  const { act, reason, text, rate, forS } = args;
  if (!room.controls.mayControl())
    return fail(
      "not-allowed",
      "Only an operator may do that: the room's owner can make you one (`agora grant NAME operator`).",
    );
  if ((reason?.length ?? 0) > MAX_REASON) return fail("too-long", `A reason has at most ${MAX_REASON} characters.`);
  if (forS !== undefined && act !== "pause" && act !== "ban")
    return fail("bad-request", "Only a pause or a ban can end by itself.");
  const whom = args.member === undefined ? ok(exactly ?? {}) : resolve(room, args.member, args.seat, act);
  if (!whom.ok) return whom;
  const grant = room.controls.operatorGrant();
  const bars = act === "ban" ? barring(room, whom.value) : undefined;
  const body: Control = {
    act,
    ...whom.value,
    ...bars?.body,
    ...(reason === undefined || reason.trim() === "" ? {} : { reason }),
    ...(text === undefined ? {} : { text }),
    ...(rate === undefined ? {} : { rate }),
    ...(forS === undefined ? {} : { until: Math.round(room.roomTime.now()) + forS * 1_000 }),
    ...(grant === undefined ? {} : { grant }),
  };
  if (!isWhole(body)) return fail("bad-request", needs(act));
  const event = room.events.make({
    ...{ role: "user", kind: "control", to: [], body: JSON.stringify(body), media: CONTROL },
    // What ends by itself comes right behind the word that it ends: whatever a person decides since counts more.
    time: room.controls.timeOf(body, exactly === undefined ? undefined : 0),
    id: args.once,
  });
  const queued = await room.outbox.queue(event, [], act);
  if (!queued.ok) return queued;
  const { id } = event.head;
  await room.outbox.settled(id, STAMP_WITHIN_MS);
  const own = room.store.state.outbox[id];
  if (own?.state === "rejected")
    return fail("not-allowed", `The relay refused it: ${own.reason ?? "no reason was given"}`);
  const waits = room.outbox.waits(id);
  if (waits !== undefined) room.obey(event, body); // here it holds while the relay is away, too
  const other = room.controls.overruled(event, body);
  if (other !== undefined)
    return fail(
      "not-allowed",
      `It does not hold: in the same moment ${other}. Say it again if you still mean it, now that you know.`,
    );
  return ok({
    id,
    act,
    ...(body.member === undefined ? {} : { member: body.member }),
    ...(body.seat === undefined ? {} : { seat: body.seat }),
    ...(body.key === undefined ? {} : { key: body.key }),
    state: waits === undefined ? "relayed" : "queued",
    ...(waits === undefined ? {} : { reason: waits }),
    ...(bars === undefined ? {} : { barred: bars.barred, notes: bars.notes }),
    ...(act === "unban" ? { notes: stillBarred(room, body) } : {}),
  });
}

/** What a ban bars besides the key: the grant, but for others who came by the same one; and what it has to say of that. [CONTROL-17] */
function barring(
  room: Context,
  { member = "", key = "" }: Pick<Control, "member" | "key">,
): Pick<Results["control"], "notes"> & {
  readonly body: Pick<Control, "grantId" | "spare">;
  readonly barred: NonNullable<Results["control"]["barred"]>;
} {
  const grantId = room.members.grantIdOf(member, key);
  const isHere = room.members.get(member)?.key === key;
  if (grantId === undefined) {
    const token =
      "It came by the room's shared token, which a ban can't take away: under another name and key it can come again, until the relay has another token.";
    const unknown =
      "By which invite it came is not known here: if by one that names nobody, it can come again under another name, until the relay revokes that invite.";
    return { body: {}, barred: { key, name: member }, notes: [isHere ? token : unknown] };
  }
  const others = room.members.byGrant(grantId).filter((one) => one.key !== key && one.name !== member);
  const spare = [...new Set([room.myKey, ...others.map((one) => one.key)])].slice(0, MAX_SPARED);
  const names = [...new Set(others.map(({ name }) => `@${name}`))];
  const notes =
    names.length === 0
      ? []
      : [`${names.join(", ")} came by the same invite and may go on; nobody else can come by it: make a new one.`];
  return { body: { grantId, spare }, barred: { key, name: member, grantId }, notes };
}

/** Another ban of the same name that is still in force. */
function stillBarred(room: Context, { member = "", key = "" }: Control): readonly string[] {
  const others = room.controls
    .state()
    .members.filter((m) => m.banned !== undefined && m.name === member && m.key !== key);
  return others.length === 0 ? [] : [`@${member} was banned more than once: say it again to take back the next ban.`];
}

function needs(act: Control["act"]): string {
  if (act === "inject") return "There is nothing to say: write a text.";
  return act === "stop" || act === "reset"
    ? `${act} is about the whole room and names nobody.`
    : `${act} needs a NAME.`;
}

/** The name and the key that a control is about: the key the member shows now, else the one it was known by. */
function resolve(
  room: Context,
  word: string,
  seat: string | undefined,
  act: Control["act"],
): Result<Pick<Control, "member" | "key" | "seat">, "unknown-recipient" | "bad-request"> {
  const address = parseAddress(word.replace(/^@/, ""));
  const member = address?.member;
  if (member === undefined) return fail("bad-request", `"${harmlessLine(word, 40)}" can't name a member.`);
  const session = seat ?? address?.seat;
  const decided = room.controls.state().members.find((m) => m.name === member)?.key;
  const now = member === room.me ? room.myKey : room.members.get(member)?.key;
  // What was decided about somebody is taken back for the key it was decided for.
  const isUndoing = act === "unban" || act === "resume";
  const key = (isUndoing ? decided : undefined) ?? now ?? room.pins.get(member)?.key ?? decided;
  if (key === undefined)
    return fail("unknown-recipient", `Nobody called @${member} is known in this room; nothing was done.`);
  return ok({ member, key, ...(session === undefined ? {} : { seat: session }) });
}
