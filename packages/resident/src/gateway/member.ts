// One member that lives at the gateway: its own key, journals and link, its mailbox with a cursor, and a seat for each
// interface. What it is shown and what it says passes through the same code as in a project's daemon.
import type { ConnectionState, IpcCode, RequestArgs, RequestName, Results, Session, Via } from "@agora/ipc";
import type { RequestsWith } from "@agora/ipc/messages";
import { rowOf } from "@agora/ipc/requests";
import type { Cancel, Clock, Log } from "@agora/ports";
import { fail, ok, type Result } from "@agora/protocol";
import { CARE_EVERY_MS, MAX_STREAMS_PER_MEMBER, SEAT_QUIET_MS } from "../limits.ts";
import type { LiveMember } from "../live-member.ts";
import { createCursors, type Cursors, newGeneration } from "./cursor.ts";
import { followRoom, type News } from "./follower.ts";
import { createLocalSession, type LocalSession } from "./local-session.ts";
import { type MemberFacts, writeMemberFacts } from "./member-file.ts";

/** The interfaces, each a seat of its own: `name/rest`, `name/mcp`. */
export type SeatKind = "rest" | "mcp";

/** The requests that a gateway member may make; the others are for people at the machine. */
export type LentRequest = RequestsWith<"gateway">;

/** An open stream or wait: while there is one, the member can be reached. */
export interface OpenStream {
  close(): void;
}

export interface GatewayMember extends AsyncDisposable {
  readonly name: string;
  readonly room: string;
  /** Its public key. */
  readonly key: string;
  /** The folder of its key and journals, which stands in for a project's. */
  readonly folder: string;
  readonly person: boolean;
  readonly grant: MemberFacts["grant"];
  readonly usedAt: number;
  readonly streams: number;
  /** Everything before it is acknowledged. */
  readonly cursor: number;
  /** Where its history ends. */
  readonly end: number;
  /** How programs refer to positions in this member's history. */
  readonly cursors: Cursors;
  readonly connection: ConnectionState;
  /** Calls `fn` when lines were stored, the mailbox may have changed, or the member joined or left; returns how to stop. */
  on(news: News, fn: () => void): () => void;
  /** Makes a request as the seat of this interface. */
  ask<N extends LentRequest>(kind: SeatKind, name: N, args: RequestArgs<N>): Promise<Result<Results[N], IpcCode>>;
  /** What waits for an interface, looked up by the gateway itself: the seat doesn't show as connected because of it. */
  look(kind: SeatKind, args: Omit<RequestArgs<"mail">, "seat">): Promise<Result<Results["mail"], IpcCode>>;
  /** The caller gave a sign of life: it has seen what was handed to the seat. */
  sign(kind: SeatKind): Promise<void>;
  /** Moves the cursor forward, permanently. */
  acknowledge(cursor: number): Promise<Result<void>>;
  /** Adds a stream; undefined when there are too many. */
  openStream(kind: SeatKind): OpenStream | undefined;
  /** The `via` of this member's REST requests. */
  viaOf(person: boolean): Via;
}

/** What a gateway member is made from. */
export interface GatewayMemberOptions {
  readonly name: string;
  readonly room: string;
  readonly key: string;
  readonly live: Pick<LiveMember, "handlers" | typeof Symbol.asyncDispose>;
  readonly folder: string;
  readonly facts: MemberFacts;
  readonly clock: Clock;
  readonly log: Log;
}

interface Seated {
  readonly session: LocalSession;
  /** Settles once the session has its seat. */
  readonly attached: Promise<unknown>;
  usedAt: number;
  streams: number;
  waiter: LocalSession | undefined;
}

/** Pause before waiting for the next wake-up, so that a mention nobody takes doesn't cause a storm. */
const REARM_MS = 1_000;

/** Creates the gateway's side of a live member. */
export async function createGatewayMember(options: GatewayMemberOptions): Promise<Result<GatewayMember, IpcCode>> {
  const { name, room, key, live, clock, log, folder } = options;
  const { handlers } = live;
  const { person, grant } = options.facts;
  const following = await followRoom(handlers);
  if (!following.ok) return following;
  const follower = following.value;
  let { cursor, usedAt } = options.facts;
  // A history shorter than what was acknowledged is a different one: part of the member's state was lost.
  const isSame = options.facts.generation !== undefined && cursor <= follower.end;
  const generation = isSame ? options.facts.generation : newGeneration();
  cursor = Math.min(cursor, follower.end);
  let writtenAt = 0;
  let writing: Promise<Result<void>> = Promise.resolve(ok(undefined));
  let closed = false;
  const seated = new Map<SeatKind, Seated>();
  const looking = createLocalSession("gateway-look");
  let quiet: Cancel = () => undefined;

  const write = (): Promise<Result<void>> => {
    writtenAt = clock.now();
    const facts = { cursor, usedAt, generation, person, ...(grant === undefined ? {} : { grant }) };
    // One after the other, so that the last decision is also written last.
    writing = writing.then(() => writeMemberFacts(folder, facts));
    return writing;
  };
  const touch = (): void => {
    usedAt = clock.now();
    if (usedAt - writtenAt < CARE_EVERY_MS) return;
    void write().then((written) => {
      if (!written.ok) log.warn("member-file", { message: written.message });
    });
  };
  const request = async <N extends RequestName>(
    asked: N,
    args: RequestArgs<N>,
    session: Session,
  ): Promise<Result<Results[N], IpcCode>> => {
    try {
      return await handlers[asked](args, session);
    } catch (error) {
      log.warn("gateway-request", { do: asked, error: error instanceof Error ? (error.stack ?? "") : String(error) });
      return fail("internal", "Internal error: nothing was done. The gateway's log has more.");
    }
  };
  const attach = (kind: SeatKind): Seated => {
    touch();
    const known = seated.get(kind);
    if (known !== undefined && !known.session.closed) {
      known.usedAt = usedAt;
      return known;
    }
    const session = createLocalSession(`gateway-${kind}`);
    const attached = request("attach", { client: kind, session: kind, pid: process.pid }, session);
    const fresh: Seated = { session, attached, usedAt, streams: 0, waiter: undefined };
    seated.set(kind, fresh);
    return fresh;
  };
  const stayReachable = (kind: SeatKind, own: Seated): void => {
    if (own.streams === 0 || own.waiter !== undefined || closed) return;
    const waiter = createLocalSession(`gateway-${kind}-waiter`);
    own.waiter = waiter;
    const asked = own.attached.then(() => request("awaitWake", { session: kind }, waiter));
    void asked.then(() => {
      if (own.waiter !== waiter) return;
      own.waiter = undefined;
      clock.after(REARM_MS, () => stayReachable(kind, own));
    });
  };

  quiet = clock.every(SEAT_QUIET_MS / 2, () => {
    for (const [kind, own] of seated) {
      if (own.streams > 0 || clock.now() - own.usedAt < SEAT_QUIET_MS) continue;
      seated.delete(kind);
      own.session.end();
    }
  });

  return ok({
    name,
    room,
    key,
    folder,
    person,
    grant,
    get usedAt() {
      return usedAt;
    },
    get streams() {
      return [...seated.values()].reduce((sum, own) => sum + own.streams, 0);
    },
    get cursor() {
      return cursor;
    },
    get end() {
      return follower.end;
    },
    cursors: createCursors(generation, () => follower.end),
    get connection() {
      return follower.connection;
    },
    on: (news, fn) => follower.on(news, fn),
    async ask(kind, asked, args) {
      const { session, attached } = attach(kind);
      if (rowOf(asked).gateway !== true) return fail("not-allowed", "A member at the gateway can't ask for that.");
      await attached;
      // If nothing was handed over for a while, what is said now is no longer a consequence of anything.
      if (asked === "say") await request("newChain", {}, session);
      const answer = await request(asked, args, session);
      if (answer.ok && "end" in answer.value && typeof answer.value.end === "number")
        follower.reached(answer.value.end);
      return answer;
    },
    look: (kind, args) => request("mail", { ...args, seat: kind }, looking),
    async sign(kind) {
      const { session, attached } = attach(kind);
      await attached;
      await request("sign", { deliver: false }, session);
    },
    async acknowledge(to) {
      cursor = Math.max(cursor, Math.min(to, follower.end));
      usedAt = clock.now();
      return write();
    },
    openStream(kind) {
      const own = attach(kind);
      if (own.streams >= MAX_STREAMS_PER_MEMBER) return undefined;
      own.streams += 1;
      stayReachable(kind, own);
      let open = true;
      return {
        close() {
          if (!open) return;
          open = false;
          own.streams -= 1;
          own.usedAt = clock.now();
          if (own.streams > 0) return;
          const { waiter } = own;
          own.waiter = undefined;
          waiter?.end();
        },
      };
    },
    viaOf: (byPerson) => (byPerson ? "console" : "tool"),
    async [Symbol.asyncDispose]() {
      if (closed) return;
      closed = true;
      quiet();
      follower.stop();
      await write();
      for (const own of seated.values()) own.session.end();
      await live[Symbol.asyncDispose]();
    },
  });
}
