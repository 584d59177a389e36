// Requests about invites: making and listing them, taking one back, letting in who asked.
import type { InviteArgs, InviteResult, InvitesResult, Results } from "@agora/ipc";
import { encodeInvite, fail, harmlessLine, type Invite, ok, type Result } from "@agora/protocol";
import type { Kernel } from "../kernel/kernel.ts";
import { endOf, isFull, type LobbyInvite, MAX_INVITES } from "./fold.ts";
import type { HandDown } from "./hand-down.ts";
import type { LobbyKeeper } from "./keeper.ts";

/** What these requests use. */
export interface Context {
  readonly kernel: Kernel;
  readonly handDown: HandDown;
  readonly keeper: LobbyKeeper;
  /** Tells everybody that grants were taken back. */
  readonly revoke: (ids: readonly string[]) => Promise<Result<unknown, "not-allowed" | "disk">>;
}

type Code = "not-allowed" | "bad-request" | "unknown-recipient" | "disk";

const DAY_S = 86_400;
/** How long an invite that names nobody holds unless the person says otherwise, seconds. [LOBBY-1] */
const DEFAULT_S = 7 * DAY_S;

/** Makes an invite: for one name, or for whoever has it. */
export async function invite(context: Context, args: InviteArgs): Promise<Result<InviteResult, Code>> {
  const { kernel, handDown } = context;
  const { settings, roomTime } = kernel;
  const role = args.grant ?? "member";
  const nowS = Math.floor(roomTime.now() / 1_000);
  const isNamed = args.name !== undefined;
  if (isNamed && (args.uses !== undefined || args.ask === true || args.by !== undefined))
    return fail("bad-request", "An invite for a name is for that one alone: --uses, --ask and --by go without a name.");
  if (isFull(kernel.store.state.lobby, roomTime.now()))
    return fail(
      "not-allowed",
      `${MAX_INVITES} invites that were made here hold still, which is as many as can be counted: wait until one of them has expired.`,
    );
  const expiresS = args.expiresS ?? (isNamed ? undefined : DEFAULT_S);
  const exp = expiresS === undefined ? {} : { exp: nowS + expiresS };
  const root = kernel.root();
  const relayKey = kernel.relayKey();
  const where: Omit<Invite, "token"> = {
    v: 1,
    relay: settings.relay.url,
    room: kernel.room,
    ...(root === undefined ? {} : { root }),
    ...(relayKey === undefined ? {} : { relayKey }),
  };
  if (args.name !== undefined) {
    const signed = await handDown.grant({ grant: role, sub: args.name, ...exp });
    if (!signed.ok) return signed;
    const made = { id: signed.value.jti, gives: role, uses: 1, name: args.name, ...endsAt(signed.value.exp) };
    return keep(kernel, made, { ...where, token: signed.value.jwt });
  }
  return nameless(context, { args, role, exp: nowS + (expiresS ?? DEFAULT_S), where });
}

interface Nameless {
  readonly args: InviteArgs;
  readonly role: LobbyInvite["gives"];
  readonly exp: number;
  readonly where: Omit<Invite, "token">;
}

async function nameless(
  { kernel, handDown }: Context,
  { args, role, exp, where }: Nameless,
): Promise<Result<InviteResult, Code>> {
  const { me, myKey, options } = kernel;
  const decider = args.by?.replace(/^@/, "").toLowerCase();
  const by = { name: decider ?? me, key: decider === undefined || decider === me ? myKey : kernel.keyOf(decider) };
  const { key } = by;
  if (key === undefined)
    return fail("unknown-recipient", `@${harmlessLine(by.name, 40)} is not known in this room: it has to join first.`);
  if (!kernel.hasFeature("lobby"))
    return fail("not-allowed", "The relay is older than invites without a name: invite by name, or have it updated.");
  const { inviteKeys } = options;
  if (args.ask !== true && inviteKeys === undefined) return fail("not-allowed", "Here only invites by name are made.");
  const pair = args.ask === true ? undefined : await inviteKeys!.make();
  const uses = args.uses ?? 1;
  const claims = { gives: role, by: { name: by.name, key }, uses, exp };
  const signed = await handDown.lobby({ ...claims, ...(pair === undefined ? {} : { claim: pair.key }) });
  if (!signed.ok) return signed;
  if (by.name !== me) {
    const lent = await lend(kernel, handDown, { name: by.name, key }, role);
    if (!lent.ok) return lent;
  }
  const made = { id: signed.value.jti, gives: role, uses, ...endsAt(signed.value.exp) };
  const more = { ...(by.name === me ? {} : { by: by.name }), ...(args.ask === true ? { ask: true as const } : {}) };
  const secret = pair === undefined ? {} : { secret: pair.seed };
  return keep(kernel, { ...made, ...more }, { ...where, token: signed.value.jwt, ...secret });
}

/** Whoever else decides has to be able to give the role: it is lent that, by a grant addressed to it. [GRANT-8] [GRANT-9] */
async function lend(
  kernel: Kernel,
  handDown: HandDown,
  to: { readonly name: string; readonly key: string },
  role: LobbyInvite["gives"],
): Promise<Result<unknown, "not-allowed" | "disk">> {
  const signed = await handDown.grant({ grant: "member", sub: to.name, key: to.key, may: [role] });
  if (!signed.ok) return signed;
  kernel.store.in({ op: "granted", id: signed.value.jti, to: { name: to.name, key: to.key } });
  kernel.store.checkpoint(); // what was given and is not remembered can't be taken back
  const address = [{ member: to.name, key: to.key }];
  const said = { role: "user", kind: "grant", must: true, to: address, body: signed.value.jwt } as const;
  const event = kernel.events.make({ ...said, media: "application/jwt" });
  return kernel.post(event, [to.name], "a grant to let others in");
}

function endsAt(exp: number | undefined): { readonly exp?: number } {
  return exp === undefined ? {} : { exp };
}

function keep(
  kernel: Kernel,
  made: Omit<LobbyInvite, "at" | "used" | "beyond">,
  word: Invite,
): Result<InviteResult, "disk"> {
  const invite = { ...made, at: kernel.clock.now(), used: [], beyond: [] };
  const kept = kernel.store.in({ op: "invite", invite, now: kernel.roomTime.now() / 1_000 });
  if (!kept.ok) return kept;
  kernel.tell.controls();
  const { id, gives, uses, exp, name, by, ask } = made;
  return ok({
    invite: encodeInvite(word),
    id,
    relay: word.relay,
    room: word.room,
    grant: gives,
    uses,
    ...(name === undefined ? {} : { name }),
    ...(exp === undefined ? {} : { expires: kernel.roomTime.toOwn(exp * 1_000) }),
    ...(name === undefined ? { by: by ?? kernel.me } : {}),
    ...(ask === undefined ? {} : { ask }),
  });
}

/** The invites made here, who came by which, and who waits for a person. */
export function invites({ kernel, handDown }: Context): InvitesResult {
  const { store, members, roomTime } = kernel;
  const { invites: all, asking } = store.state.lobby;
  return {
    mayInvite: handDown.mayGive("member"),
    invites: Object.values(all)
      .toReversed()
      .map((one) => {
        const end = endOf(one, roomTime.now());
        const came = one.name === undefined ? one.used : members.byGrant(one.id);
        return {
          id: one.id,
          grant: one.gives,
          uses: one.uses,
          at: one.at,
          ...(one.name === undefined ? { by: one.by ?? kernel.me } : { name: one.name }),
          ...(one.exp === undefined ? {} : { expires: roomTime.toOwn(one.exp * 1_000) }),
          ...(one.ask === undefined ? {} : { ask: one.ask }),
          ...(end === undefined ? {} : { ended: end }),
          used: [...new Set(came.map(({ name }) => name))],
          beyond: one.beyond.map(({ name, key, at }) => ({ name, key, at })),
        };
      }),
    waiting: Object.values(asking).map(({ name, key, text, at, invite: id }) => ({
      name,
      key,
      at,
      invite: id,
      ...(text === undefined ? {} : { text: harmlessLine(text, 500) }),
    })),
  };
}

/** A person has read who came with an invite that was used. */
export function readBeyond({ kernel }: Context, done: (key: string) => void): void {
  const { invites: all } = kernel.store.state.lobby;
  for (const { id, beyond } of Object.values(all)) {
    if (beyond.length > 0) kernel.store.in({ op: "beyond-seen", invite: id });
    for (const { key } of beyond) done(key);
  }
}

/**
 * Takes an invite back for everybody, and with it the grants of those who came by it: each was let in by one of its own. Where they are
 * more than can be taken back, the invite alone is, and `left` says who is in still; where another decided, only that one knows them.
 * An invite by which this member alone lets in ends here at any rate, also for a lead, who can take no grant back.
 */
export async function revokeInvite(
  { kernel, revoke }: Context,
  word: string,
): Promise<Result<Results["revokeInvite"], Code>> {
  const found = Object.values(kernel.store.state.lobby.invites).filter(({ id }) => id.startsWith(word));
  if (word.length < 4 || found.length > 1)
    return fail("bad-request", "Which invite? Its id, or the beginning of it, as agora invites shows it.");
  const id = found[0]?.id ?? word;
  if (found[0] === undefined && word.length < 8)
    return fail("bad-request", `No invite made here has an id that begins with ${harmlessLine(word, 40)}.`);
  const used = (): LobbyInvite["used"] => kernel.store.state.lobby.invites[id]?.used ?? [];
  const before = used();
  const all = await revoke([id, ...before.map(({ jti }) => jti)]);
  const told = all.ok || before.length === 0 ? all : await revoke([id]);
  const isOwn = found[0] !== undefined && found[0].name === undefined && found[0].by === undefined;
  if (!told.ok && !(isOwn && told.code === "not-allowed")) return told;
  const kept = kernel.store.in({ op: "invite-revoked", id });
  if (!kept.ok) return kept;
  kernel.tell.controls();
  const late = used().slice(before.length); // let in while the relay was asked
  const more = late.length === 0 ? ok(undefined) : await revoke(late.map(({ jti }) => jti));
  const left = [...(all.ok ? [] : before), ...(more.ok ? [] : late)].map(({ name }) => name);
  const came = [...kernel.members.byGrant(id), ...used()].map(({ name }) => name);
  const out = [...new Set(came)].filter((name) => !left.includes(name));
  const by = found[0]?.by;
  return ok({ id, used: out, ...(left.length === 0 ? {} : { left }), ...(by === undefined ? {} : { by }) });
}

/** Lets in who asked, or refuses. */
export async function admit(
  { keeper }: Context,
  word: string,
  isAdmitted: boolean,
): Promise<Result<Results["admit"], Code>> {
  const name = word.replace(/^@/, "").toLowerCase();
  const done = await keeper.decide(name, isAdmitted);
  if (!done.ok)
    return done.code === "unknown" ? fail("unknown-recipient", done.message) : fail(done.code, done.message);
  return ok({ name, key: done.value.key, admitted: isAdmitted });
}
