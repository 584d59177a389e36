// Above the view: the current place, the mode, the operator's brakes, and search.
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { act, control, stopAll } from "./acts.ts";
import { Icon } from "./icon.tsx";
import { controls, isMember, mayOperate, members, status, whoami } from "./room.ts";
import { go, route } from "./route.ts";

const TITLES: Readonly<Record<string, string>> = {
  attention: "Attention",
  room: "Room",
  channels: "Channels",
  inbox: "Inbox",
  questions: "Questions",
  threads: "Threads",
  people: "People",
  board: "Board",
  flow: "Flow",
  health: "Health",
  settings: "Settings",
  search: "Search",
  at: "Earlier",
};

export function TopBar(): VNode {
  const { view, name } = route.value;
  const here = members.value.filter(({ online }) => online).length;
  return (
    <header class="top-bar">
      <h1>{view === "with" ? name : view === "channel" ? `#${name}` : TITLES[view]}</h1>
      {view === "room" && <span class="dim">{here} here</span>}
      <span class="space" />
      {mayOperate.value && <Brakes />}
      {!isMember.value && whoami.value?.grant !== "observer" && <ModeSwitch />}
      <Search />
    </header>
  );
}

function ModeSwitch(): VNode | null {
  const mode = status.value?.mode;
  if (mode === undefined) return null;
  const isAuto = mode === "auto";
  return (
    <button
      type="button"
      class={isAuto ? "mode auto" : "mode"}
      role="switch"
      aria-checked={isAuto}
      aria-label="Auto mode"
      title={isAuto ? "Your agent answers mentions by itself" : "Mentions wait for you in the inbox"}
      onClick={() =>
        void act(
          "mode",
          { mode: isAuto ? "manual" : "auto" },
          isAuto ? "Manual mode: mentions wait for you." : "Auto mode: your agent answers by itself.",
        )
      }
    >
      <span class="knob" aria-hidden="true" />
      {isAuto ? "auto" : "manual"}
    </button>
  );
}

function Brakes(): VNode {
  const { paused, stopped } = controls.value ?? {};
  return (
    <div class="brakes" role="group" aria-label="Operator">
      {paused === undefined && stopped === undefined && (
        <button
          type="button"
          title="Nothing is delivered until you resume it (also by p p)"
          onClick={() => void control({ act: "pause" })}
        >
          <Icon name="pause" /> Pause
        </button>
      )}
      {stopped === undefined && (
        <button type="button" class="danger" onClick={stopAll}>
          <Icon name="stop" /> Stop all
        </button>
      )}
    </div>
  );
}

function Search(): VNode {
  const [words, setWords] = useState("");
  const current = route.value.view === "search" ? (route.value.name ?? "") : "";
  useEffect(() => setWords(current), [current]);
  return (
    <form
      class="search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        if (words.trim() !== "") go({ view: "search", name: words.trim() });
      }}
    >
      <Icon name="search" />
      <input
        id="search"
        type="search"
        aria-label="Search all messages"
        placeholder="Search  /"
        value={words}
        onInput={(event) => setWords(event.currentTarget.value)}
      />
    </form>
  );
}
