// Takes a member into the room: loaded when somebody enters, since the form before it needs none of this.
import { type BrowserMember, type Identities, lockTab, openMember } from "@agora/browser";
import { fail, ok, parseRelayAddress, readTicket, type RelayAddress, type Result } from "@agora/protocol";
import type { VNode } from "preact";
import { App } from "./app.tsx";
import { NoMember, OtherTab } from "./join-form.tsx";
import { type JoinFields, type JoinWish, readWish } from "./join-wish.ts";
import { listenForKeys } from "./keys.ts";
import { memberBackend } from "./member-backend.ts";
import { useMemoryOf } from "./memory.ts";
import { tellNews } from "./notify.ts";
import { takeLink, takePush, useBackend } from "./room.ts";
import { followAddress } from "./route.ts";
import { VERSION } from "./version.ts";
import "./style/layout.css";
import "./style/talk.css";
import "./style/views.css";
import "./style/board.css";

/** How long a person waits for the relay's answer before being told. */
const JOIN_MS = 15_000;
/** How often somebody in the lobby is told what it waits for. */
const LOBBY_LOOK_MS = 2_000;

type Show = (page: VNode) => void;

/** The two ways into a room. */
export interface Door {
  /** With the form's contents; `stay` keeps the token. */
  readonly join: (fields: JoinFields, stay: boolean, tell: (sentence: string) => void) => Promise<Result<void>>;
  /** As the member who stayed signed in. */
  readonly comeBack: (wish: JoinWish) => Promise<Result<void>>;
}

/** Opens them, for the relay this page came from. */
export function openDoor(identities: Identities, show: Show): Result<Door> {
  const relay = parseRelayAddress(location.origin.replace(/^http/, "ws"));
  if (!relay.ok) return relay;
  const enter = createEnter(identities, relay.value, show);
  return ok({
    join: async (fields, stay, tell) => {
      const wish = readWish(fields, relay.value);
      return wish.ok ? enter(wish.value, { waits: true, insist: false, stay, tell }) : wish;
    },
    comeBack: (wish) => enter(wish, { waits: false, insist: false }),
  });
}

/** How to enter: `waits` for the relay's answer, `insist` on being the active tab. */
interface Manner {
  readonly waits: boolean;
  readonly insist: boolean;
  /** Whether to keep the token; unchanged if not given. */
  readonly stay?: boolean;
  /** Shows what is waited for. */
  readonly tell?: (sentence: string) => void;
}

type Enter = (wish: JoinWish, manner: Manner) => Promise<Result<void>>;

function createEnter(identities: Identities, relay: RelayAddress, show: Show): Enter {
  const enter: Enter = async (wish, manner) => {
    const { room, name, token } = wish;
    const insist = async (): Promise<void> => {
      const entered = await enter(wish, { ...manner, insist: true });
      if (!entered.ok) show(<NoMember why={entered.message} />);
    };
    const lock = await lockTab(room, name, manner.insist);
    if (lock === undefined) {
      show(<OtherTab name={name} use={() => void insist()} />);
      return ok(undefined);
    }
    const identity = await identities.use(room, name, wish.root, relay.origin);
    if (!identity.ok) {
      lock.release();
      return identity;
    }
    let admitted: string | undefined;
    const opened = await openMember({
      identity: identity.value,
      token,
      keepToken: async (grant) => {
        admitted = grant;
        if (manner.stay !== false) await identities.keepToken(room, name, grant);
        return ok(undefined);
      },
      relayKey: wish.relayKey,
      relay,
      version: VERSION,
      push: takePush,
    });
    if (!opened.ok) {
      lock.release();
      return opened;
    }
    const member = opened.value;
    const end = async (): Promise<void> => {
      await member.close();
      lock.release();
    };
    const ready = manner.waits ? await readyIn(member, token, manner.tell) : ok(undefined);
    if (!ready.ok) {
      await end();
      return fail(ready.code, ready.message);
    }
    // So that the browser doesn't clear it on its own; it may decline.
    void navigator.storage?.persist?.();
    if (manner.stay !== undefined)
      await identities.keepToken(room, name, manner.stay ? (admitted ?? token) : undefined);
    void lock.taken.then(async () => {
      await end();
      // The room on this page is over; a reloaded page starts without it.
      show(<OtherTab name={name} use={() => location.reload()} />);
    });
    begin(
      member,
      `${room} ${name}`,
      async () => {
        await identities.keepToken(room, name, undefined);
        await end();
        location.reload();
      },
      show,
    );
    return ok(undefined);
  };
  return enter;
}

/** In the lobby it waits for as long as the person does. */
async function readyIn(
  member: BrowserMember,
  token: string,
  tell: Manner["tell"] = () => undefined,
): Promise<Result<unknown>> {
  const isGuest = readTicket(token) !== undefined;
  for (;;) {
    const ready = await member.ready(isGuest ? LOBBY_LOOK_MS : JOIN_MS);
    if (ready.ok || ready.code !== "timeout" || !isGuest) return ready;
    tell(ready.message);
  }
}

function begin(member: BrowserMember, place: string, leave: () => Promise<void>, show: Show): void {
  useMemoryOf(place);
  followAddress();
  useBackend(memberBackend(member, leave));
  takeLink("open");
  listenForKeys();
  tellNews();
  show(<App />);
}
