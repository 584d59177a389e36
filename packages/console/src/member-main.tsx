// A member's page starts here: with the form, or without it if somebody is still signed in. The member and the room are
// loaded afterwards from separate files (member-room.tsx): most of the page's bytes, which nobody needs while reading the
// form.
import { type Identities, openIdentities } from "@agora/browser/identities";
import { fail, ok, type Result } from "@agora/protocol";
import { render, type VNode } from "preact";
import { nameInInvite, takeDeviceLink, takeInvite } from "./invite-in-address.ts";
import { JoinForm, NoMember } from "./join-form.tsx";
import type { Door } from "./member-room.tsx";
import { keepMemory } from "./memory.ts";
import "./style/base.css";
import "./style/join.css";

/** How long the rest of the page may take to load. */
const LOAD_MS = 60_000;
const NOT_LOADED = fail("not-loaded", "The rest of this page did not come from the relay: reload the page.");

const root = document.querySelector("#app")!;
const show = (page: VNode): void => render(page, root);

async function main(): Promise<void> {
  keepMemory();
  const invite = takeInvite();
  const word = takeDeviceLink();
  const identities = await openIdentities();
  if (!identities.ok) return show(<NoMember why={identities.message} />);
  const isLinking = word !== undefined || (invite === undefined && (await identities.value.isLinking()));
  if (isLinking && (await link(word, identities.value))) return;
  const last = await identities.value.last();
  let problem: string | undefined;
  if (last?.token !== undefined && invite === undefined) {
    const door = await loadDoor(identities.value);
    const entered = door.ok ? await door.value.comeBack({ ...last, token: last.token }) : door;
    if (entered.ok) return;
    problem = entered.message;
  }
  const { name: before = "", room = "lobby" } = last ?? {};
  const name = (invite === undefined ? undefined : nameInInvite(invite)) ?? before;
  show(
    <JoinForm
      problem={problem}
      first={{ name, room, ...(invite === undefined ? {} : { token: invite }) }}
      join={async (fields, stay, tell) => {
        const door = await loadDoor(identities.value);
        return door.ok ? door.value.join(fields, stay, tell) : door;
      }}
    />,
  );
}

/** Becomes a device of whoever made the link; false: this browser came by it before, so it enters as whoever it is. */
async function link(word: string | undefined, identities: Identities): Promise<boolean> {
  const page = await load(() => import("./link-browser.tsx"));
  const linked = page.ok ? await page.value.linkBrowser(word, show) : page;
  if (linked.ok && linked.value === "already") return false;
  const door = linked.ok ? await loadDoor(identities) : linked;
  const entered = linked.ok && linked.value !== "already" && door.ok ? await door.value.comeBack(linked.value) : door;
  if (!entered.ok) show(<NoMember why={entered.message} />);
  return true;
}

/** Loads what opens the room. When the relay has a newer page, its files are different and this page's are gone. */
async function loadDoor(identities: Identities): Promise<Result<Door>> {
  const room = await load(() => import("./member-room.tsx"));
  return room.ok ? room.value.openDoor(identities, show) : room;
}

async function load<T>(part: () => Promise<T>): Promise<Result<T, "not-loaded">> {
  const late = new Promise<undefined>((resolve) => void setTimeout(resolve, LOAD_MS));
  try {
    const loaded = await Promise.race([part(), late]);
    return loaded === undefined ? NOT_LOADED : ok(loaded);
  } catch {
    return NOT_LOADED;
  }
}

// A link that is opened in this very tab only changes the address.
addEventListener("hashchange", () => {
  if (location.hash.startsWith("#link=")) location.reload();
});
void main();
