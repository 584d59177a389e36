// The keyboard: what works everywhere outside a text field. The feed and the composer have their own keys.
import { control } from "./acts.ts";
import { controls, mayOperate } from "./room.ts";
import { go, route, type View, withThread } from "./route.ts";

/** All keys, described for people. */
export const KEYS: readonly { readonly keys: string; readonly what: string }[] = [
  { keys: "c", what: "Write" },
  { keys: "/", what: "Search" },
  { keys: "g a", what: "Attention: j and k from row to row, Enter into one" },
  { keys: "g r", what: "Room" },
  { keys: "g i", what: "Inbox" },
  { keys: "g t", what: "Threads" },
  { keys: "g p", what: "People" },
  { keys: "g b", what: "Board; j k go from row to row, the space bar chooses" },
  { keys: "g f", what: "Flow" },
  { keys: "g h", what: "Health" },
  { keys: "g s", what: "Settings and keys (also ?)" },
  { keys: "p p", what: "Pause the room, as an operator" },
  { keys: "↑ ↓ j k", what: "From message to message" },
  { keys: "Home End", what: "Oldest, newest message" },
  { keys: "r", what: "Reply in the thread of the message" },
  { keys: "Esc", what: "Close the thread, leave the field" },
  { keys: "Enter", what: "Send; Shift+Enter begins a new line" },
  { keys: "Tab", what: "Take the name that is offered" },
];

const PLACES: Readonly<Record<string, View>> = {
  a: "attention",
  r: "room",
  i: "inbox",
  t: "threads",
  p: "people",
  b: "board",
  f: "flow",
  h: "health",
  s: "settings",
};

const G_MS = 1_500;
/** Within this a key is pressed twice, milliseconds. */
const P_MS = 1_000;

/** Listens for the keys. */
export function listenForKeys(): void {
  let wentAt = 0;
  let pausedAt = -Infinity;
  addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (document.querySelector("dialog[open]") !== null) return;
    const isField =
      target instanceof HTMLTextAreaElement ||
      (target instanceof HTMLInputElement && target.type !== "radio" && target.type !== "checkbox");
    if (key === "Escape") {
      const isClosing = route.peek().thread !== undefined;
      if (isField || (isClosing && isIn(target, ".aside"))) stepOut();
      if (isClosing) go(withThread(undefined));
      return;
    }
    if (isField || event.ctrlKey || event.metaKey || event.altKey) return;
    const view = PLACES[key];
    if (event.timeStamp - wentAt < G_MS && view !== undefined) {
      wentAt = 0;
      event.preventDefault();
      return go({ view });
    }
    if (key === "p" && mayOperate.peek() && !event.repeat) {
      const isTwice = event.timeStamp - pausedAt < P_MS;
      pausedAt = isTwice ? -Infinity : event.timeStamp;
      if (isTwice && controls.peek()?.paused === undefined) void control({ act: "pause" });
      return;
    }
    if (key === "g") wentAt = event.timeStamp;
    else if (key === "c") focus(event, ".aside textarea", "textarea");
    else if (key === "/") focus(event, "#search");
    else if (key === "?") go({ view: "settings" });
  });
}

/** From a field, or a thread that closes, to the talk behind it: never to nowhere. */
function stepOut(): void {
  const behind = document.querySelector<HTMLElement>("#main [role=feed] [tabindex='0'], #main .page[tabindex='0']");
  (behind ?? document.querySelector<HTMLElement>("#main"))?.focus({ preventScroll: true });
}

function isIn(target: EventTarget | null, selector: string): boolean {
  return target instanceof Element && target.closest(selector) !== null;
}

function focus(event: Event, ...selectors: readonly string[]): void {
  const found = selectors.map((s) => document.querySelector<HTMLElement>(s)).find((element) => element !== null);
  if (found === undefined) return;
  event.preventDefault();
  found?.focus();
}
