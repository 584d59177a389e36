// Telling a person who looks elsewhere: a desktop notification on a mention, the count in the title, words for a screen reader.
import { harmlessLine } from "@agora/protocol";
import { effect } from "@preact/signals";
import type { ShownLine } from "./line-book.ts";
import { memory } from "./memory.ts";
import { me, onNewLine, unread, waiting, who } from "./room.ts";
import { go } from "./route.ts";
import { announce } from "./toasts.tsx";

const MAX_WORDS = 140;

/** Begins to tell. */
export function tellNews(): void {
  const told = new Set<string>();
  onNewLine((line) => {
    if (line.mine || told.has(line.id) || line.kind === "void") return;
    told.add(line.id);
    if (told.size > 1_000) told.delete(told.values().next().value!);
    const isMention = line.to.some(({ member }) => member === me.peek());
    announce(`${line.author}${isMention ? " to you" : ""}: ${harmlessLine(line.text, MAX_WORDS)}`, isMention);
    if (isMention && memory.peek().notify && document.hidden) notify(line);
  });
  effect(() => {
    const count = waiting.value.length;
    const mark = count > 0 ? `(${count}) ` : unread.value > 0 ? "• " : "";
    document.title = `${mark}${who.value?.room ?? "Agora"} · Agora`;
  });
}

function notify(line: ShownLine): void {
  if (!("Notification" in globalThis) || Notification.permission !== "granted") return;
  const note = new Notification(`${line.author} mentions you`, {
    body: harmlessLine(line.text, MAX_WORDS),
    tag: line.id,
    icon: "./icon.svg",
  });
  note.addEventListener("click", () => {
    focus();
    go({ view: "room", message: line.id });
    note.close();
  });
}
