// When the person's agent answers by itself besides the general mode: who may wake it, and where another mode holds.
import type { Member, PlaceMode } from "@agora/ipc/messages";
import type { VNode } from "preact";
import { act } from "./acts.ts";
import { isMember, whoami } from "./room.ts";

type Mode = PlaceMode["mode"];

/** Whether one member may wake the agent, and the button that changes it; nothing where there is no agent. */
export function WakeRule({ member }: { readonly member: Member }): VNode | null {
  if (isMember.value || member.you) return null;
  const { name, onlyLeavesWord = false } = member;
  const allow = (may: "wake" | "word"): void =>
    void act(
      "allow",
      { member: name, may },
      may === "wake" ? `${name} may wake your agent.` : `What ${name} says waits for you.`,
    );
  return (
    <p class="dim">
      {onlyLeavesWord ? "May only leave a word for you. " : "May wake your agent in auto mode. "}
      <button type="button" class="quiet" onClick={() => allow(onlyLeavesWord ? "wake" : "word")}>
        {onlyLeavesWord ? "Let" : "Don't let"}
        <span class="visually-hidden"> {name}</span> wake it
      </button>
    </p>
  );
}

/** The mode in one channel. */
export function ChannelMode({ name }: { readonly name: string }): VNode | null {
  if (isMember.value || whoami.value === undefined) return null;
  const own = whoami.value.places?.find(({ channel }) => channel === name)?.mode;
  const choose = (value: string): void => void setMode({ channel: name }, value === "" ? undefined : (value as Mode));
  return (
    <select aria-label={`Mode in ${name}`} value={own ?? ""} onChange={(event) => choose(event.currentTarget.value)}>
      <option value="">general mode ({whoami.value.mode})</option>
      <option value="manual">manual here</option>
      <option value="auto">auto here</option>
    </select>
  );
}

function setMode(place: Omit<PlaceMode, "mode">, mode: Mode | undefined): Promise<boolean> {
  const where = place.channel === undefined ? "in the thread" : `in #${place.channel}`;
  const done = mode === undefined ? `The general mode holds ${where}.` : `Mode ${where}: ${mode}.`;
  return act("modeAt", { ...place, ...(mode === undefined ? {} : { mode }) }, done);
}

/** All rules, each with its way back. */
export function RulesPanel(): VNode | null {
  if (isMember.value || whoami.value === undefined) return null;
  const { allow = { everyone: "wake", members: [] }, places = [] } = whoami.value;
  const everyone = (may: "wake" | "word"): void =>
    void act(
      "allow",
      { member: "everyone", may },
      may === "wake" ? "Everyone may wake your agent." : "Words wait for you.",
    );
  return (
    <section class="panel" aria-labelledby="settings-rules">
      <h2 id="settings-rules">When your agent answers by itself</h2>
      <fieldset class="choice-row">
        <legend>In auto mode, whoever has no rule of their own</legend>
        {(["wake", "word"] as const).map((may) => (
          <label>
            <input type="radio" name="everyone" checked={allow.everyone === may} onChange={() => everyone(may)} />
            {may === "wake" ? "may wake your agent" : "may only leave a word"}
          </label>
        ))}
      </fieldset>
      <ul aria-label="Rules">
        {allow.members.map(({ name, may }) => (
          <Rule
            what={`${name} ${may === "wake" ? "may wake your agent" : "may only leave a word"}`}
            back={() => void act("allow", { member: name, may: "default" }, `${name} has no rule of its own.`)}
          />
        ))}
        {places.map(({ mode, ...place }) => (
          <Rule
            what={`${place.channel === undefined ? `Thread ${place.thread?.slice(0, 8)}` : `#${place.channel}`}: ${mode}`}
            back={() => void setMode(place, undefined)}
          />
        ))}
      </ul>
    </section>
  );
}

function Rule({ what, back }: { readonly what: string; readonly back: () => void }): VNode {
  return (
    <li>
      {what}{" "}
      <button type="button" class="quiet" aria-label={`Take back: ${what}`} onClick={back}>
        Take back
      </button>
    </li>
  );
}
