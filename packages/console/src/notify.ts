// Notifies a person who looks elsewhere: a desktop notification for a mention, the count in the title, words for a screen
// reader.
import { harmlessLine } from "@agora/protocol";
import type { QuestionState } from "@agora/ipc/messages";
import { effect } from "@preact/signals";
import type { ShownLine } from "./line-book.ts";
import { memory } from "./memory.ts";
import { me, onNewLine, questions, unread, waits, who } from "./room.ts";
import { go, type Route } from "./route.ts";
import { announce } from "./toasts.tsx";

const MAX_WORDS = 140;
/** A question older than this when the page hears of it isn't news. */
const NEW_MS = 60_000;
const TITLE_WITHIN_MS = 100;

/** Starts notifying. */
export function tellNews(): void {
  const told = new Set<string>();
  onNewLine((line) => {
    if (line.mine || told.has(line.id) || line.kind === "void" || line.kind === "channel") return;
    told.add(line.id);
    if (told.size > 1_000) told.delete(told.values().next().value!);
    if (line.kind === "question") return; // notified when it is waiting
    const isMention = line.to.some(({ member }) => member === me.peek());
    announce(`${line.author}${isMention ? " to you" : ""}: ${harmlessLine(line.text, MAX_WORDS)}`, isMention);
    if (isMention && memory.peek().notify && document.hidden) notify(line);
  });
  const asked = new Set<string>();
  effect(() => {
    const news = questions.value.waiting.filter(({ id }) => !asked.has(id));
    for (const question of news) {
      asked.add(question.id);
      if (Date.now() - question.at < NEW_MS) tellQuestion(question);
    }
  });
  effect(() => {
    const count = waits.value;
    const mark = count > 0 ? `(${count}) ` : unread.value > 0 ? "• " : "";
    setTitle(`${mark}${[...(me.value === "" ? [] : [me.value]), who.value?.room ?? "Agora"].join(" · ")} · Agora`);
  });
}

let title = "";
let titleTimer: ReturnType<typeof setTimeout> | undefined;

/** Sets the title a moment later, to its value then: browsers are slow at this, and arriving lines should be shown first. */
function setTitle(text: string): void {
  title = text;
  titleTimer ??= setTimeout(() => {
    titleTimer = undefined;
    if (document.title !== title) document.title = title;
  }, TITLE_WITHIN_MS);
}

/**
 * A question is waiting for the person: an urgent one is announced even if they are looking at the page. One note per asker,
 * not one each.
 */
function tellQuestion({ from, text, urgent }: QuestionState): void {
  const words = harmlessLine(text, MAX_WORDS);
  announce(`${from} asks you${urgent === true ? ", urgently" : ""}: ${words}`, true);
  if (memory.peek().notify && (document.hidden || urgent === true))
    show(`${from} asks you${urgent === true ? ", urgently" : ""}`, words, `questions of ${from}`, {
      view: "questions",
    });
}

function notify(line: ShownLine): void {
  const place: Route =
    line.channel === undefined
      ? { view: "room", message: line.id }
      : { view: "channel", name: line.channel, message: line.id };
  show(`${line.author} mentions you`, harmlessLine(line.text, MAX_WORDS), line.id, place);
}

function show(title: string, body: string, tag: string, place: Route): void {
  if (!("Notification" in globalThis) || Notification.permission !== "granted") return;
  const note = new Notification(title, { body, tag, icon: "./icon.svg" });
  note.addEventListener("click", () => {
    focus();
    go(place);
    note.close();
  });
}
