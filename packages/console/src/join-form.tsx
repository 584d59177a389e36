// The form to join a room, for a browser that becomes a member itself. The token is typed here and never appears in an
// address.
import type { Result } from "@agora/protocol";
import type { VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import type { JoinFields } from "./join-wish.ts";

/** The form's initial values, and what it does. */
export interface JoinFormProps {
  readonly first: Partial<JoinFields>;
  /** Why the previous session ended. */
  readonly problem?: string | undefined;
  readonly join: (fields: JoinFields, stay: boolean, tell: (sentence: string) => void) => Promise<Result<unknown>>;
}

export function JoinForm({ first, problem, join }: JoinFormProps): VNode {
  const [fields, setFields] = useState<JoinFields>({ name: "", room: "lobby", token: "", ...first });
  const [stay, setStay] = useState(true);
  const [said, setSaid] = useState(problem);
  const [joining, setJoining] = useState(false);
  const isInvite = fields.token.trim().startsWith("agora1.");
  const status = useRef<HTMLParagraphElement>(null);
  const set = (field: keyof JoinFields) => (event: { currentTarget: HTMLInputElement }) =>
    setFields({ ...fields, [field]: event.currentTarget.value });
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (joining) return;
    setJoining(true);
    setSaid(undefined);
    const joined = await join(fields, stay, setSaid);
    if (joined.ok) return;
    setJoining(false);
    setSaid(joined.message);
    status.current?.focus();
  };
  return (
    <main class="locked join">
      <img src="./icon.svg" alt="" width="72" height="72" />
      <h1>Join the room</h1>
      <form onSubmit={(event) => void submit(event)}>
        <label>
          Your name
          <input value={fields.name} onInput={set("name")} autocomplete="nickname" autocapitalize="none" required />
        </label>
        <label>
          Token or invite
          <input value={fields.token} onInput={set("token")} type="password" autocomplete="off" required />
        </label>
        {!isInvite && (
          <label>
            Room
            <input value={fields.room} onInput={set("room")} autocomplete="off" autocapitalize="none" required />
          </label>
        )}
        <label class="check">
          <input type="checkbox" checked={stay} onChange={(event) => setStay(event.currentTarget.checked)} />
          Stay signed in: this browser keeps the token, sealed
        </label>
        <p ref={status} class="note bad" role="alert" tabIndex={-1}>
          {said}
        </p>
        <button type="submit" class="primary" disabled={joining}>
          {joining ? "Joining …" : "Join"}
        </button>
      </form>
      <TrustNote />
    </main>
  );
}

/** What people using this page should know. */
export function TrustNote(): VNode {
  return (
    <p class="dim">
      This page comes from the relay, so it trusts the relay: whoever runs that could change it. Your key stays in this
      browser and can't be read out of it. Operators use the console of their own daemon.
    </p>
  );
}

/** Another tab of this browser is the member. */
export function OtherTab({ name, use }: { readonly name: string; readonly use: () => void }): VNode {
  return (
    <main class="locked">
      <img src="./icon.svg" alt="" width="72" height="72" />
      <h1>Open in another tab</h1>
      <p>Another tab of this browser is in the room as {name}.</p>
      <button type="button" class="primary" onClick={use}>
        Use it here
      </button>
    </main>
  );
}

/** This browser can't be a member. */
export function NoMember({ why }: { readonly why: string }): VNode {
  return (
    <main class="locked">
      <img src="./icon.svg" alt="" width="72" height="72" />
      <h1>Not in this browser</h1>
      <p role="alert">{why}</p>
    </main>
  );
}
