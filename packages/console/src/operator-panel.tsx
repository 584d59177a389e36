// An operator's controls for the room and for one member, and the decisions in force, each with a button to undo it.
import type { ControlInForce, Member, MemberControls } from "@agora/ipc/messages";
import { harmlessLine, type Rate } from "@agora/protocol";
import type { VNode } from "preact";
import { control, removeMember } from "./acts.ts";
import { giveGrant, setRate } from "./operator-forms.tsx";
import { controls } from "./room.ts";

/** For the whole room; pause and stop are shown above every view. */
export function OperatorPanel(): VNode {
  const { rate, members: decided = [] } = controls.value ?? {};
  const held = decided.filter((one) => one.paused !== undefined || one.banned !== undefined || one.rate !== undefined);
  return (
    <section class="panel" aria-labelledby="operator-panel">
      <h2 id="operator-panel">Operator</h2>
      <div class="buttons">
        <button
          type="button"
          onClick={() =>
            void control(
              { act: "inject" },
              { title: "Say as the operator to everybody", action: "Say", asksText: true },
            )
          }
        >
          Say to everybody …
        </button>
        <button type="button" onClick={() => void setRate(undefined, rate)}>
          Rate of everybody …
        </button>
      </div>
      {(rate !== undefined || held.length > 0) && (
        <ul class="in-force" aria-label="In force">
          {rate !== undefined && (
            <Decision
              what={`Everybody: ${rateWords(rate)}`}
              undo="Take back"
              act={() => void control({ act: "rates" })}
            />
          )}
          {held.map((one) => (
            <MemberDecisions key={one.key ?? one.name} decided={one} />
          ))}
        </ul>
      )}
    </section>
  );
}

function MemberDecisions({
  decided: { name, key, paused, banned, rate },
}: {
  readonly decided: MemberControls;
}): VNode {
  const who = name === "" ? `the key ${(key ?? "").slice(0, 8)}…` : harmlessLine(name, 40);
  const decisions = [
    ...(paused === undefined ? [] : [{ what: decidedWords("paused", paused), undo: "Resume", act: "resume" } as const]),
    ...(banned === undefined ? [] : [{ what: decidedWords("banned", banned), undo: "Unban", act: "unban" } as const]),
    ...(rate === undefined ? [] : [{ what: rateWords(rate), undo: "Take back the rate of", act: "rates" } as const]),
  ];
  return (
    <>
      {decisions.map(({ what, undo, act }) => (
        <Decision
          key={act}
          what={`${who}: ${what}`}
          undo={name === "" ? undefined : `${undo} ${who}`}
          act={() => void control({ act, member: name })}
        />
      ))}
    </>
  );
}

function Decision({
  what,
  undo,
  act,
}: {
  readonly what: string;
  /** A member known only by key can be released only in a terminal: requests go by name. */
  readonly undo: string | undefined;
  readonly act: () => void;
}): VNode {
  return (
    <li>
      <span>{what}</span>
      {undo !== undefined && (
        <button type="button" class="quiet" onClick={act}>
          {undo}
        </button>
      )}
    </li>
  );
}

function decidedWords(what: string, { by, reason }: ControlInForce): string {
  return `${what} by ${harmlessLine(by, 40)}${reason === undefined ? "" : `: ${harmlessLine(reason, 200)}`}`;
}

function rateWords({ burst, perSecond }: Rate): string {
  return `${burst} at once, then ${perSecond} a second`;
}

/** For one other member. */
export function OperatorButtons({ member: { name, paused, key, grant } }: { readonly member: Member }): VNode {
  const decided = controls.value?.members.find((one) => one.key === key || one.name === name);
  return (
    <div class="buttons">
      {paused === true ? (
        <button type="button" onClick={() => void control({ act: "resume", member: name })}>
          Resume
        </button>
      ) : (
        <button
          type="button"
          onClick={() =>
            void control(
              { act: "pause", member: name },
              { title: `Pause ${name}?`, text: "Nothing from it is delivered until you resume it.", action: "Pause" },
            )
          }
        >
          Pause
        </button>
      )}
      <button
        type="button"
        onClick={() =>
          void control(
            { act: "interrupt", member: name },
            { title: `Interrupt the turns of ${name}?`, action: "Interrupt" },
          )
        }
      >
        Interrupt
      </button>
      <button
        type="button"
        onClick={() =>
          void control(
            { act: "inject", member: name },
            { title: `Say as the operator to ${name}`, action: "Say", asksText: true },
          )
        }
      >
        Inject …
      </button>
      <button type="button" onClick={() => void setRate(name, decided?.rate)}>
        Rate …
      </button>
      {controls.value?.owner === true && grant !== "operator" && (
        <button type="button" onClick={() => void giveGrant(name, "operator")}>
          Make operator …
        </button>
      )}
      {grant !== "operator" && grant !== "lead" && grant !== "observer" && (
        <button type="button" onClick={() => void giveGrant(name, "lead")}>
          Make lead …
        </button>
      )}
      <button
        type="button"
        class="danger-quiet"
        onClick={() =>
          void control(
            { act: "kick", member: name },
            { title: `Remove ${name} from the room?`, text: "It may come back.", action: "Remove" },
          )
        }
      >
        Kick
      </button>
      <button
        type="button"
        class="danger-quiet"
        onClick={() =>
          void removeMember(name, {
            title: `Remove ${name} for good?`,
            text: "It is banned, and the grants it holds are taken back. What it has read it keeps.",
            action: "Remove for good",
          })
        }
      >
        Remove
      </button>
      {decided?.banned !== undefined ? (
        <button type="button" onClick={() => void control({ act: "unban", member: name })}>
          Take back the ban
        </button>
      ) : (
        <button
          type="button"
          class="danger-quiet"
          onClick={() =>
            void control(
              { act: "ban", member: name },
              { title: `Ban ${name}?`, text: "Its key is refused until you take the ban back.", action: "Ban" },
            )
          }
        >
          Ban
        </button>
      )}
    </div>
  );
}
