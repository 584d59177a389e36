// Invites, and who asks to be let in: for a member who may invite.
import type { KnownInvite, WaitingGuest } from "@agora/ipc/messages";
import { harmlessLine } from "@agora/protocol";
import { computed, signal } from "@preact/signals";
import type { VNode } from "preact";
import { act } from "./acts.ts";
import { confirm } from "./dialog.tsx";
import { ask, invites } from "./room.ts";
import { agoWords } from "./time-words.ts";
import { toast } from "./toasts.tsx";

/** How many ask to be let in, or came with an invite that somebody else had used. */
export const guests = computed(
  () =>
    (invites.value?.waiting.length ?? 0) +
    (invites.value?.invites.reduce((sum, { beyond }) => sum + beyond.length, 0) ?? 0),
);

/** The invite that was made last on this page. */
const made = signal<{ readonly word: string; readonly link: string } | undefined>(undefined);

export function LobbyPanel(): VNode | null {
  const now = invites.value;
  if (now === undefined || (!now.mayInvite && guests.value === 0)) return null;
  const open = now.invites.filter(
    ({ ended, beyond, name, used }) =>
      beyond.length > 0 || (ended === undefined && (name === undefined || used.length === 0)),
  );
  return (
    <section class="panel" aria-labelledby="lobby-panel">
      <h2 id="lobby-panel">Invites</h2>
      {now.waiting.length > 0 && (
        <ul class="in-force" aria-label="Asks to be let in">
          {now.waiting.map((guest) => (
            <Guest key={guest.key} guest={guest} />
          ))}
        </ul>
      )}
      {now.mayInvite && (
        <div class="buttons">
          <button type="button" onClick={() => void invite()}>
            Invite …
          </button>
        </div>
      )}
      {made.value !== undefined && <Made {...made.value} />}
      {open.length > 0 && (
        <ul class="in-force" aria-label="Open invites">
          {open.map((one) => (
            <Invite key={one.id} invite={one} />
          ))}
        </ul>
      )}
    </section>
  );
}

export function Guest({ guest: { name, key, text, at } }: { readonly guest: WaitingGuest }): VNode {
  const who = harmlessLine(name, 40);
  const decide = (refuse: boolean): void =>
    void act("admit", refuse ? { name, refuse } : { name }, refuse ? `${who} is refused.` : `${who} is let in.`);
  return (
    <li>
      <span>
        {who} (key {key.slice(0, 8)}…) asks to be let in, {agoWords(at, Date.now())}
        {text !== undefined && `: ${harmlessLine(text, 500)}`}
      </span>
      <button type="button" onClick={() => decide(false)}>
        Let {who} in
      </button>
      <button type="button" class="danger-quiet" onClick={() => decide(true)}>
        Refuse {who}
      </button>
    </li>
  );
}

function Invite({ invite: { id, name, uses, used, beyond, ask: asks } }: { readonly invite: KnownInvite }): VNode {
  const whom = name === undefined ? (asks === true ? "Whoever asks" : "Whoever has it") : harmlessLine(name, 40);
  const state = name === undefined ? `${used.length} of ${uses} used` : used.length > 0 ? "used" : "not used yet";
  const others = beyond.map((one) => harmlessLine(one.name, 40)).join(", ");
  const revoke = async (): Promise<void> => {
    const who = used.map((one) => harmlessLine(one, 40)).join(", ");
    const text = `${who} came by it: the grants it gave end, too.`;
    const question = { title: "Take the invite back?", text, action: "Take it back", danger: true };
    if (used.length > 0 && (await confirm(question)) === undefined) return;
    await act("revokeInvite", { id }, "It lets nobody in any more.");
  };
  return (
    <li>
      <span>
        {whom}: {state}
        {others !== "" && <strong class="bad"> Somebody else has it: {others} came after its last use.</strong>}
      </span>
      <button type="button" class="quiet" onClick={() => void revoke()}>
        Revoke
      </button>
    </li>
  );
}

function Made({ word, link }: { readonly word: string; readonly link: string }): VNode {
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(link);
    toast("Copied.");
  };
  return (
    <div class="buttons">
      <label>
        The invite, for agora start
        <input readonly value={word} />
      </label>
      <label>
        The same as a link, for a browser
        <input readonly value={link} />
      </label>
      <button type="button" onClick={() => void copy()}>
        Copy the link
      </button>
    </div>
  );
}

async function invite(): Promise<void> {
  const name = await confirm({
    title: "Invite somebody",
    text: "With a name the invite is for that one alone. Without one, whoever has it first is let in by you, while your daemon is up.",
    field: { label: "Name (may be empty)", needed: false },
    action: "Make the invite",
  });
  if (name === undefined) return;
  const answer = await ask("invite", name === "" ? {} : { name: name.replace(/^@/, "").toLowerCase() });
  if (!answer.ok) return toast(answer.message, true);
  const { invite: word, relay } = answer.value;
  made.value = { word, link: `${new URL(relay.replace(/^ws/, "http")).origin}/console/#invite=${word}` };
}
