// The page of a member begins here: who is it, the one tab that is it, the room.
import { type BrowserMember, type Identities, lockTab, openIdentities, openMember } from "@agora/browser";
import { fail, ok, parseRelayAddress, type RelayAddress, type Result } from "@agora/protocol";
import { render, type VNode } from "preact";
import { App } from "./app.tsx";
import { takeInvite } from "./invite-in-address.ts";
import { JoinForm, NoMember, OtherTab } from "./join-form.tsx";
import { type JoinWish, readWish } from "./join-wish.ts";
import { listenForKeys } from "./keys.ts";
import { memberBackend } from "./member-backend.ts";
import { keepMemory, useMemoryOf } from "./memory.ts";
import { tellNews } from "./notify.ts";
import { takeLink, takePush, useBackend } from "./room.ts";
import { followAddress } from "./route.ts";
import "./style/base.css";
import "./style/layout.css";
import "./style/talk.css";
import "./style/views.css";
import "./style/join.css";

/** How long a person waits for the relay's answer before they are told. */
const JOIN_MS = 15_000;

const root = document.querySelector("#app")!;
const show = (page: VNode): void => render(page, root);

/** How an entering goes: `waits` for the relay's word, `insist` on being the tab. */
interface Manner {
  readonly waits: boolean;
  readonly insist: boolean;
  /** Whether the token is kept; as it is, when nothing is said. */
  readonly stay?: boolean;
}

async function main(): Promise<void> {
  keepMemory();
  const invite = takeInvite();
  const relay = parseRelayAddress(location.origin.replace(/^http/, "ws"));
  if (!relay.ok) return show(<NoMember why={relay.message} />);
  const identities = await openIdentities();
  if (!identities.ok) return show(<NoMember why={identities.message} />);
  const last = await identities.value.last();
  const enter = createEnter(identities.value, relay.value);
  let problem: string | undefined;
  if (last?.token !== undefined && invite === undefined) {
    const entered = await enter({ ...last, token: last.token }, { waits: false, insist: false });
    if (entered.ok) return;
    problem = entered.message;
  }
  const { name = "", room = "lobby" } = last ?? {};
  show(
    <JoinForm
      problem={problem}
      first={{ name, room, ...(invite === undefined ? {} : { token: invite }) }}
      join={async (fields, stay) => {
        const wish = readWish(fields, relay.value);
        return wish.ok ? enter(wish.value, { waits: true, insist: false, stay }) : wish;
      }}
    />,
  );
}

type Enter = (wish: JoinWish, manner: Manner) => Promise<Result<void>>;

function createEnter(identities: Identities, relay: RelayAddress): Enter {
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
    const identity = await identities.use(room, name, wish.root);
    if (!identity.ok) {
      lock.release();
      return identity;
    }
    const opened = await openMember({ identity: identity.value, token, relay, version: VERSION, push: takePush });
    if (!opened.ok) {
      lock.release();
      return opened;
    }
    const member = opened.value;
    const end = async (): Promise<void> => {
      await member.close();
      lock.release();
    };
    const ready = manner.waits ? await member.ready(JOIN_MS) : ok(undefined);
    if (!ready.ok) {
      await end();
      return fail(ready.code, ready.message);
    }
    // So that the browser does not clear it away by itself; it may refuse.
    void navigator.storage?.persist?.();
    if (manner.stay !== undefined) await identities.keepToken(room, name, manner.stay ? token : undefined);
    void lock.taken.then(async () => {
      await end();
      // The room of this page is over; a page that begins anew knows nothing of it.
      show(<OtherTab name={name} use={() => location.reload()} />);
    });
    begin(member, `${room} ${name}`, async () => {
      await identities.keepToken(room, name, undefined);
      await end();
      location.reload();
    });
    return ok(undefined);
  };
  return enter;
}

function begin(member: BrowserMember, place: string, leave: () => Promise<void>): void {
  useMemoryOf(place);
  followAddress();
  useBackend(memberBackend(member, leave));
  takeLink("open");
  listenForKeys();
  tellNews();
  show(<App />);
}

const VERSION = "0.1.0";

void main();
