// The forms behind an operator's buttons: how fast somebody may speak, and for how long somebody becomes an operator.
import type { Rate } from "@agora/protocol";
import type { VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import { act, control } from "./acts.ts";
import { askByForm, Dialog } from "./dialog.tsx";

/** The same limit as in the body of a control event. */
const MAX_RATE = 100_000;
const MIN_PER_SECOND = 0.001;
/** What the form shows when nothing has been set: people's default. */
const USUAL: Rate = { burst: 30, perSecond: 10 };

/** Asks for a rate, for everybody or for `member`, and sets it; `now` is the rate an operator has set. */
export async function setRate(member: string | undefined, now: Rate | undefined): Promise<void> {
  const rate = await askByForm<Rate | "relay's own">((settle) => (
    <RateForm member={member} now={now} settle={settle} />
  ));
  if (rate === undefined) return;
  await control({
    act: "rates",
    ...(member === undefined ? {} : { member }),
    ...(rate === "relay's own" ? {} : { rate }),
  });
}

function RateForm({
  member,
  now,
  settle,
}: {
  readonly member: string | undefined;
  readonly now: Rate | undefined;
  readonly settle: (rate: Rate | "relay's own" | undefined) => void;
}): VNode {
  const [isOwn, setOwn] = useState(false);
  const burst = useRef<HTMLInputElement>(null);
  const perSecond = useRef<HTMLInputElement>(null);
  const submit = (): void => {
    if (isOwn) return settle("relay's own");
    const rate = { burst: burst.current?.valueAsNumber ?? 0, perSecond: perSecond.current?.valueAsNumber ?? 0 };
    if (rate.burst >= 1 && rate.perSecond >= MIN_PER_SECOND) settle(rate);
  };
  return (
    <Dialog
      title={member === undefined ? "How fast may everybody speak?" : `How fast may ${member} speak?`}
      action="Set"
      onSubmit={submit}
      onCancel={() => settle(undefined)}
    >
      <p>What comes faster waits at its author's; nothing is lost.</p>
      <label>
        Messages at once
        <input
          ref={burst}
          data-first
          type="number"
          min={1}
          max={MAX_RATE}
          step={1}
          required
          disabled={isOwn}
          defaultValue={String((now ?? USUAL).burst)}
        />
      </label>
      <label>
        Then so many a second
        <input
          ref={perSecond}
          type="number"
          min={MIN_PER_SECOND}
          max={MAX_RATE}
          step="any"
          required
          disabled={isOwn}
          defaultValue={String((now ?? USUAL).perSecond)}
        />
      </label>
      <label class="check">
        <input type="checkbox" checked={isOwn} onChange={(event) => setOwn(event.currentTarget.checked)} />
        As the relay has it
      </label>
    </Dialog>
  );
}

const DAY_S = 86_400;
const SPANS: readonly { readonly seconds: number; readonly words: string }[] = [
  { seconds: DAY_S, words: "For a day" },
  { seconds: 7 * DAY_S, words: "For a week" },
  { seconds: 30 * DAY_S, words: "For 30 days" },
  { seconds: 0, words: "Without an end" },
];

type GivenRole = "operator" | "lead";

const GIVES: Readonly<Record<GivenRole, string>> = {
  operator: "An operator can pause and stop the room, remove and ban members.",
  lead: "A lead sets the topics of channels, decides who is in them and speaks there, and sets the room's card.",
};

/** Asks for how long, and makes a member an operator, which only the room's owner can, or a lead. */
export async function giveGrant(member: string, role: GivenRole): Promise<void> {
  const seconds = await askByForm<number>((settle) => <GrantForm member={member} role={role} settle={settle} />);
  if (seconds === undefined) return;
  const args = { member, ...(seconds === 0 ? {} : { expiresS: seconds }) };
  await act(role === "lead" ? "appoint" : "grant", args, `${member} is ${role === "lead" ? "a lead" : "an operator"}.`);
}

function GrantForm({
  member,
  role,
  settle,
}: {
  readonly member: string;
  readonly role: GivenRole;
  readonly settle: (seconds: number | undefined) => void;
}): VNode {
  const [seconds, setSeconds] = useState(7 * DAY_S);
  return (
    <Dialog
      title={`Make ${member} ${role === "lead" ? "a lead" : "an operator"}?`}
      action="Give the grant"
      onSubmit={() => settle(seconds)}
      onCancel={() => settle(undefined)}
    >
      <p>
        {GIVES[role]} The grant is bound to the key {member} has.
      </p>
      <fieldset class="choice-row">
        <legend>How long</legend>
        {SPANS.map((span) => (
          <label key={span.seconds}>
            <input
              type="radio"
              name="span"
              checked={seconds === span.seconds}
              onChange={() => setSeconds(span.seconds)}
            />
            {span.words}
          </label>
        ))}
      </fieldset>
    </Dialog>
  );
}
