// Who decides about those in the lobby: takes their claims one after the other, counts the uses, and answers. A journal line comes
// before each answer, so that a daemon that dies in between answers the same again. [LOBBY-6]
import {
  type Admission,
  ADMISSION,
  CLAIM,
  fail,
  harmlessLine,
  JOIN_REQUEST,
  joinRequestSchema,
  type NewDevice,
  ok,
  openClaim,
  openEvent,
  type OpenEvent,
  openLobbyGrant,
  type OpenLobbyGrant,
  readBody,
  type Result,
  type SignedEvent,
} from "@agora/protocol";
import type { Kernel } from "../kernel/kernel.ts";
import { unplacedEvent } from "../kernel/unplaced-event.ts";
import { type Admitted, admittedBy, type Asking, endOf, type LobbyInvite, MAX_ASKING, MAX_BEYOND } from "./fold.ts";
import type { HandDown } from "./hand-down.ts";

export interface LobbyKeeper {
  /** Somebody in the lobby asks this member. */
  hear(signed: SignedEvent): void;
  /** A person lets somebody in who asked, or refuses; `unknown`: nobody of that name asks. A failure has changed nothing. */
  decide(name: string, isAdmitted: boolean): Promise<Result<Asking, "not-allowed" | "unknown" | "disk">>;
  /** Who decides about devices of one's own; false: it does not know the link. [LOBBY-8] */
  forDevices(decide: (who: Knocker) => boolean): void;
  /** Answers somebody in the lobby. */
  answer(to: { readonly name: string; readonly key: string }, admission: Admission): Promise<void>;
  /** Sentences for the person: who waits, and who came with an invite that somebody else had used. */
  sentences(): readonly string[];
}

/** Somebody who asks, checked. */
export interface Knocker {
  readonly about: string;
  readonly name: string;
  readonly key: string;
  readonly lobby: OpenLobbyGrant;
  readonly text?: string | undefined;
  /** What a device of one's own states of itself. */
  readonly device?: NewDevice | undefined;
}

/** Cards in the person's inbox. */
interface Notes {
  add(words: string, key: string): void;
  /** What they say of whoever has this key is dealt with. */
  done(key: string): void;
}

/** Creates the keeper; `isRevoked`: whether an operator took one of these grants back. */
export function createLobbyKeeper(
  kernel: Kernel,
  handDown: HandDown,
  notes: Notes,
  isRevoked: (ids: readonly string[]) => boolean,
): LobbyKeeper {
  const { store, me, myKey, room, relay, verifier, roomTime, pins, hooks, log, options, clock } = kernel;
  const state = (): typeof store.state.lobby => store.state.lobby;

  /** Who asks by this event, if all of it holds. [LOBBY-4] */
  const knockerOf = ({ head, body }: OpenEvent): Knocker | undefined => {
    if (head.room !== room) return undefined;
    const judge = { root: kernel.root() ?? "", verifier, nowMs: roomTime.now() };
    const who = { about: head.id, name: head.author, key: head.key };
    if (head.kind === "claim" && head.body.media === CLAIM) {
      const claim = openClaim(body, judge);
      if (!claim.ok) return undefined;
      const { name, key, origin, lobby, device } = claim.value;
      const isTheirs = name === head.author && key === head.key && claim.value.room === room && origin === relay;
      return isTheirs ? { ...who, lobby, device } : undefined;
    }
    const request = head.body.media === JOIN_REQUEST ? readBody(joinRequestSchema, body) : undefined;
    const lobby = request === undefined ? undefined : openLobbyGrant(request.grant, judge);
    // Who has the key of an invite claims it.
    return lobby?.ok === true && lobby.value.claim === undefined
      ? { ...who, lobby: lobby.value, text: request?.text }
      : undefined;
  };

  const answer = async (to: { name: string; key: string }, admission: Admission): Promise<void> => {
    const address = { member: to.name, key: to.key };
    const by = { me, room, clock, signer: options.signer, verifier };
    const body = JSON.stringify(admission);
    const event = await unplacedEvent(by, { kind: "admission", to: address, body, media: ADMISSION });
    kernel.link().send({ type: "knock", room, event: event.signed });
  };
  const refuse = ({ name, key, about }: Omit<Knocker, "lobby">, code: string): Promise<void> =>
    answer({ name, key }, { about, state: "refused", code });
  const admit = async (who: Omit<Knocker, "lobby">, given: Admitted, gives: LobbyInvite["gives"]): Promise<void> => {
    const { jti, iat, exp } = given;
    const times = { jti, iat, ...(exp === undefined ? {} : { exp }) };
    const signed = await handDown.grant({ grant: gives, sub: who.name, key: who.key, ...times });
    if (!signed.ok) return answer(who, { about: who.about, state: "refused", code: "no-right" });
    log.info("admitted", { name: who.name, id: jti });
    return answer(who, { about: who.about, state: "admitted", grant: signed.value.jwt });
  };
  /** Writes down that somebody is let in, then says so. Who was not because the disk took nothing asks again. */
  const letIn = async (
    who: Omit<Knocker, "lobby">,
    invite: LobbyInvite,
  ): Promise<Result<void, "not-allowed" | "revoked" | "disk">> => {
    const signed = await handDown.grant({ grant: invite.gives, sub: who.name, key: who.key });
    if (!signed.ok) return fail("not-allowed", "You may let nobody in: an operator of the room can.");
    // It may have been taken back while the grant was signed.
    if (state().invites[invite.id]?.revoked === true) {
      await refuse(who, "revoked");
      return fail("revoked", `The invite that @${who.name} came with was taken back meanwhile.`);
    }
    const { jti, iat, exp } = signed.value;
    const ends = exp === undefined ? {} : { exp };
    const admitted: Admitted = { name: who.name, key: who.key, jti, iat, ...ends, at: clock.now() };
    const kept = store.in({ op: "admitted", invite: invite.id, admitted });
    if (!kept.ok) return kept;
    store.checkpoint(); // a use that a power cut took would be given twice
    await admit(who, admitted, invite.gives);
    kernel.tell.controls();
    return ok(undefined);
  };

  /** The invite it came by, known from now on if another member made it. */
  const inviteOf = ({ lobby }: Knocker): LobbyInvite | undefined => {
    const { jti: id, gives, uses, exp, claim } = lobby;
    if (gives === "device") return undefined;
    const ask = claim === undefined ? { ask: true as const } : {};
    const invite = { id, gives, uses, at: clock.now(), exp, ...ask, used: [], beyond: [] };
    if (state().invites[id] === undefined) store.in({ op: "invite", invite, now: roomTime.now() / 1_000 });
    return state().invites[id];
  };
  const isOthersName = (name: string, key: string): boolean => {
    const known = name === me ? myKey : pins.get(name)?.key;
    const promised = Object.values(state().invites).some(({ used }) =>
      used.some((one) => one.name === name && one.key !== key),
    );
    return (known !== undefined && known !== key) || (known !== key && promised);
  };
  /** Why who asked can't be let in any more, whatever the person says: much may have happened since. [LOBBY-6] */
  const whyNot = ({ name, key }: Asking, invite: LobbyInvite): string | undefined => {
    if (isRevoked([invite.id]) || hooks.banned(name, key))
      return `@${name}, or the invite it came with, was put out since it asked.`;
    if (endOf(invite, roomTime.now()) === "used") return `The invite that @${name} came with has no use left.`;
    return isOthersName(name, key)
      ? `@${name} is the name of somebody else here by now: agora admit ${name} --refuse tells who asks to choose another.`
      : undefined;
  };
  const take = async (who: Knocker): Promise<void> => {
    const { name, key, about } = who;
    if (who.lobby.gives === "device") return takeDevice?.(who) === true ? undefined : refuse(who, "no-right");
    const invite = inviteOf(who);
    if (invite === undefined) return refuse(who, "refused");
    const isOver = invite.revoked === true || isRevoked(who.lobby.ids) || hooks.banned(name, key);
    if (isOver) return refuse(who, "revoked");
    const before = admittedBy(invite, key);
    if (before !== undefined) return before.name === name ? admit(who, before, invite.gives) : refuse(who, "used");
    const end = endOf(invite, roomTime.now());
    if (end === "used") {
      const isNew = invite.beyond.length < MAX_BEYOND && !invite.beyond.some((one) => one.key === key);
      store.in({ op: "beyond", invite: invite.id, beyond: { name, key, at: clock.now() } });
      if (isNew) notes.add(beyondWords(invite, { name, key }), key);
      kernel.tell.controls();
    }
    if (end !== undefined) return refuse(who, end);
    if (isOthersName(name, key)) return refuse(who, "name-taken");
    // A person who says a name means one. Who needs nobody's word is not held up by who merely asks.
    const isAskedFor = Object.values(state().asking).some((one) => one.name === name && one.key !== key);
    if (invite.ask === true && isAskedFor) return refuse(who, "name-taken");
    if (invite.ask !== true) {
      const done = await letIn(who, invite);
      return !done.ok && done.code === "not-allowed" ? refuse(who, "no-right") : undefined;
    }
    if (state().asking[key] === undefined && Object.keys(state().asking).length >= MAX_ASKING)
      return refuse(who, "refused");
    const text = who.text === undefined ? {} : { text: who.text };
    if (state().asking[key] === undefined) notes.add(askingWords({ name, key, ...text }), key);
    store.in({ op: "asking", asking: { about, invite: invite.id, name, key, ...text, at: clock.now() } });
    kernel.tell.controls();
    return answer(who, { about, state: "waits" });
  };
  let takeDevice: ((who: Knocker) => boolean) | undefined;
  /** One after the other: signing may take a moment, and a use is given once. */
  let line: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> =>
    (line = line.then(work).catch((error: unknown) => log.warn("lobby", { message: String(error) })));

  return {
    hear(signed) {
      const opened = openEvent(signed, verifier);
      const [to] = opened.ok ? opened.value.head.to : [];
      if (!opened.ok || to?.member !== me || to.key !== myKey) return;
      const who = knockerOf(opened.value);
      if (who === undefined || who.lobby.by.name !== me || who.lobby.by.key !== myKey)
        return log.warn("knock-refused", { id: opened.value.head.id });
      void inTurn(() => take(who));
    },
    async decide(word, isAdmitted) {
      let done: Awaited<ReturnType<LobbyKeeper["decide"]>> = unknown(word);
      await inTurn(async () => {
        const asking = Object.values(state().asking).find(({ name }) => name === word);
        const invite = asking === undefined ? undefined : state().invites[asking.invite];
        if (asking === undefined || invite === undefined) return;
        const why = isAdmitted ? whyNot(asking, invite) : undefined;
        if (why !== undefined) return void (done = fail("not-allowed", why));
        const decided = isAdmitted ? await letIn(asking, invite) : store.in({ op: "asked-enough", key: asking.key });
        if (!decided.ok) return void (done = fail(decided.code === "disk" ? "disk" : "not-allowed", decided.message));
        notes.done(asking.key);
        done = ok(asking);
        if (isAdmitted) return;
        await answer(asking, { about: asking.about, state: "refused", code: "refused" });
        kernel.tell.controls();
      });
      return done;
    },
    forDevices(decide) {
      takeDevice = decide;
    },
    answer,
    sentences() {
      const beyond = Object.values(state().invites).flatMap((invite) =>
        invite.beyond.map((one) => beyondWords(invite, one)),
      );
      return [...Object.values(state().asking).map(askingWords), ...beyond];
    },
  };
}

function unknown(word: string): Result<never, "unknown"> {
  return fail("unknown", `Nobody called @${word} asks to be let in: agora invites lists who does.`);
}

function askingWords({ name, key, text }: Pick<Asking, "name" | "key" | "text">): string {
  const said = text === undefined ? "" : `: "${harmlessLine(text, 200)}"`;
  return `@${name} (key ${key.slice(0, 8)}…) asks to be let in${said} (agora admit ${name}, or agora admit ${name} --refuse).`;
}

function beyondWords({ id, used }: LobbyInvite, { name, key }: Pick<Asking, "name" | "key">): string {
  const before = used.map((one) => `@${one.name}`).join(", ");
  return `Somebody else has the invite ${id}: @${name} (key ${key.slice(0, 8)}…) came with it after ${before} had. Check with them; agora invite revoke ${id} ends it, agora invites marks this as read.`;
}
