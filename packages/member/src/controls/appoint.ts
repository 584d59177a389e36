// Giving a member of the room a grant of its own: the owner makes operators and leads, an operator makes leads. [GRANT-8] [RIGHT-1]
import type { RequestArgs, Results } from "@agora/ipc";
import { fail, GRANT, harmlessLine, ok, type Result } from "@agora/protocol";
import { readName } from "../channels/channel-name.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { post } from "../kernel/post.ts";
import { createHandDown } from "../lobby/hand-down.ts";
import type { OperatorControls } from "./keeper.ts";

type Context = Kernel & { readonly controls: OperatorControls };
type Code =
  | "not-allowed"
  | "bad-request"
  | "unknown-recipient"
  | "unknown-channel"
  | "disk"
  | "too-long"
  | "key-changed";

const MAX_EXPIRY_S = 10 * 365 * 86_400;

/** What a lead of the whole room may do for others: it lets members and observers in, and makes no leads. [RIGHT-1] */
const LEAD_MAY = ["member", "observer"] as const;

/** Makes a member an operator: a grant bound to the key it is known by, signed here and sent to it alone. */
export async function grant(
  room: Context,
  { member: word, expiresS, once }: RequestArgs<"grant">,
): Promise<Result<Results["grant"], Code>> {
  const { owner } = room.options;
  if (owner === undefined)
    return fail("not-allowed", "Only the room's owner can: the room's root key is not in this home.");
  const whom = known(room, word);
  if (!whom.ok) return whom;
  const { name, key } = whom.value;
  const { iat, exp } = times(room, expiresS);
  const signed = await owner.sign(name, key, exp, iat);
  if (!signed.ok) return fail("disk", signed.message);
  const { jwt, claims } = signed.value;
  return send(room, whom.value, { jwt, ...claims }, "an operator's grant", once);
}

/** Makes a member a lead, of the room or of one channel. */
export async function appoint(
  room: Context,
  { member: word, channel: place, expiresS, once }: RequestArgs<"appoint">,
): Promise<Result<Results["appoint"], Code>> {
  const handDown = createHandDown(room, room.controls.operatorGrant);
  if (!handDown.mayGive("lead"))
    return fail("not-allowed", "Only the room's owner, or an operator, makes leads: ask one of them.");
  const channel = place === undefined ? ok(undefined) : readName(place);
  if (!channel.ok) return channel;
  const whom = known(room, word);
  if (!whom.ok) return whom;
  const { name, key } = whom.value;
  const where = channel.value === undefined ? { may: [...LEAD_MAY] } : { channel: channel.value };
  const signed = await handDown.grant({ grant: "lead", sub: name, key, ...where, ...times(room, expiresS) });
  if (!signed.ok) return signed;
  const sent = await send(room, whom.value, signed.value, "a lead's grant", once);
  return sent.ok ? ok({ ...sent.value, ...(channel.value === undefined ? {} : { channel: channel.value }) }) : sent;
}

/** The member that a word names, under the key it is known by and shows. */
function known(
  room: Context,
  word: string,
): Result<{ readonly name: string; readonly key: string }, "unknown-recipient" | "key-changed"> {
  const name = word.replace(/^@/, "").toLowerCase();
  const key = room.pins.get(name)?.key;
  if (key === undefined || name === room.me)
    return fail(
      "unknown-recipient",
      `@${harmlessLine(name, 40)} is no other member known in this room: it has to join first.`,
    );
  if (room.members.get(name) !== undefined && !room.members.isHere(name))
    return fail(
      "key-changed",
      `@${name} shows another key than before: check with them, then \`agora trust ${name}\`.`,
    );
  return ok({ name, key });
}

/** By the relay's clock, which checks it: this machine's may be a day off. Seconds. [GRANT-3] */
function times(room: Context, expiresS: number | undefined): { readonly iat: number; readonly exp?: number } {
  const iat = Math.floor(room.roomTime.now() / 1_000);
  return expiresS === undefined ? { iat } : { iat, exp: iat + Math.min(expiresS, MAX_EXPIRY_S) };
}

/** Sends a grant to the one it is for. */
async function send(
  room: Context,
  { name, key }: { readonly name: string; readonly key: string },
  { jwt, jti, exp }: { readonly jwt: string; readonly jti: string; readonly exp?: number | undefined },
  what: string,
  once: string | undefined,
): Promise<Result<Results["grant"], "disk" | "not-allowed">> {
  const to = [{ member: name, key }];
  const event = room.events.make({ role: "user", kind: "grant", must: true, to, body: jwt, media: GRANT, id: once });
  room.store.in({ op: "granted", id: jti, to: { name, key } });
  room.store.checkpoint(); // what was given and is not remembered can't be taken back
  const posted = await post(room, event, [name], what);
  if (!posted.ok) return posted;
  return ok({ name, key, id: jti, ...(exp === undefined ? {} : { expires: room.roomTime.toOwn(exp * 1_000) }) });
}
