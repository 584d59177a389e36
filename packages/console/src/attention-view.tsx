// Who waits for the person, in one list, most urgent first: each row is answered where it stands.
import type { AttentionItem } from "@agora/ipc/messages";
import { harmlessLine } from "@agora/protocol";
import type { VNode } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { act } from "./acts.ts";
import { BudgetCard, Card } from "./inbox-view.tsx";
import { Guest } from "./lobby-panel.tsx";
import { Page } from "./page.tsx";
import { QuestionCard } from "./questions-view.tsx";
import { attention, inbox, invites, isMember, me, questions, waits } from "./room.ts";
import { endWords } from "./end-words.ts";
import { hrefOf } from "./route.ts";
import { keepRowFocus, walkRows } from "./row-focus.ts";
import { leftWords, sinceWords } from "./time-words.ts";
import { toast } from "./toasts.tsx";

export function AttentionView(): VNode {
  const list = useRef<HTMLUListElement>(null);
  const items = attention.value?.items ?? [];
  useEffect(() => walkRows(list), []);
  useEffect(() => tellOfEnds(items), [items]);
  const focused = useRef(-1);
  useLayoutEffect(() => keepRowFocus(list, focused.current), [items]);
  const more = waits.value - items.length;
  return (
    <Page label="Attention">
      {attention.value === undefined ? <Older /> : items.length === 0 && <Nothing />}
      <ul
        ref={list}
        class="cards"
        aria-label="Waiting for you"
        onFocusIn={({ target }) =>
          (focused.current = rowsOf(list.current).findIndex((row) => row.contains(target as Node)))
        }
        onFocusOut={({ relatedTarget }) => {
          if (relatedTarget !== null) focused.current = -1;
        }}
      >
        {items.map((item) => (
          <li key={`${item.kind} ${item.id}`} class="waiting-row" tabIndex={-1} data-row>
            <Row item={item} />
          </li>
        ))}
      </ul>
      {attention.value !== undefined && more > 0 && <p class="dim">And {more} more.</p>}
    </Page>
  );
}

function rowsOf(list: HTMLUListElement | null): readonly Element[] {
  return [...(list?.children ?? [])];
}

function Nothing(): VNode {
  return (
    <div class="empty">
      <h2>Nobody waits for you</h2>
      <p>What others ask of you, and what your own sessions need, comes here by itself.</p>
    </div>
  );
}

/** The daemon of this room is of a version that makes no such list. */
function Older(): VNode {
  return (
    <p class="dim">
      What waits stands under <a href={hrefOf({ view: "inbox" })}>Inbox</a> and{" "}
      <a href={hrefOf({ view: "questions" })}>Questions</a>.
    </p>
  );
}

function Row({ item }: { readonly item: AttentionItem }): VNode {
  const blocked = (item.blocks ?? []).filter((name) => name !== item.from && !name.startsWith(`${item.from}/`));
  return (
    <>
      <Content item={item} />
      {blocked.length > 0 && item.kind !== "permission" && (
        <p class="note">Blocks {blocked.map((name) => harmlessLine(name, 60)).join(", ")}</p>
      )}
    </>
  );
}

/** What waits, with the buttons that answer it: the same as in its own view. */
function Content({ item }: { readonly item: AttentionItem }): VNode {
  const { kind, id } = item;
  if (kind === "question") {
    const question = questions.value.waiting.find((one) => one.id === id);
    if (question !== undefined) return <QuestionCard question={question} />;
  }
  if (kind === "mention" || kind === "budget") {
    const known = inbox.value.find((one) => one.id === id);
    if (known !== undefined) return kind === "budget" ? <BudgetCard item={known} /> : <Card item={known} />;
  }
  if (kind === "guest") {
    const guest = invites.value?.waiting.find(({ name }) => name === id);
    if (guest !== undefined)
      return (
        <ul class="in-force card" aria-label="Asks to be let in">
          <Guest guest={guest} />
        </ul>
      );
  }
  return <Plain item={item} />;
}

/** One that has no view of its own: `carol/claude · waits for permission: Bash · 4 min · blocks bob`. */
function Plain({ item }: { readonly item: AttentionItem }): VNode {
  const { kind, id, from, seat, text, since, deadline, thread, blocks } = item;
  const who = harmlessLine(seat === undefined ? from : `${from}/${seat}`, 60);
  const now = Date.now();
  const facts = [
    harmlessLine(text, 200),
    sinceWords(since, now),
    ...(deadline === undefined ? [] : [leftWords(deadline, now)]),
    ...(kind === "permission" && blocks !== undefined
      ? [`blocks ${blocks.map((name) => harmlessLine(name, 60)).join(", ")}`]
      : []),
  ];
  return (
    <article class={item.urgent === true ? "card urgent" : "card"} aria-label={`${TITLES[kind]}: ${who}`}>
      <header>
        <strong>{who}</strong>
        <span class="tag">{TITLES[kind]}</span>
      </header>
      <p>{facts.filter((fact) => fact !== "").join(" · ")}</p>
      {kind === "permission" && <p class="note">It is answered in that session’s own window.</p>}
      {kind === "device" && (
        <p class="note">
          {isMember.value
            ? "Decide on the device that made the link."
            : "Say yes above only if it shows the same six words."}
        </p>
      )}
      {(kind === "unanswered" || kind === "note") && (
        <div class="buttons">
          {kind === "unanswered" && (
            <button type="button" onClick={() => void act("withdraw", { question: id }, "Withdrawn.")}>
              Withdraw
            </button>
          )}
          {kind === "note" && (
            <button type="button" onClick={() => void act("reject", { thread: thread ?? id }, "Taken off the list.")}>
              Done
            </button>
          )}
          {kind === "unanswered" && thread !== undefined && (
            <a class="button" href={hrefOf({ view: "attention", thread })}>
              Look at the thread
            </a>
          )}
        </div>
      )}
    </article>
  );
}

const TITLES: Readonly<Record<AttentionItem["kind"], string>> = {
  mention: "for you",
  question: "a question",
  budget: "a chain",
  permission: "permission",
  guest: "a guest",
  device: "a device",
  note: "for you to do",
  unanswered: "nobody has answered",
};

let shown: readonly AttentionItem[] = [];

/** A question that ended elsewhere leaves the list with a word. */
function tellOfEnds(items: readonly AttentionItem[]): void {
  const gone = shown.filter(({ kind, id }) => kind === "question" && !items.some((item) => item.id === id));
  shown = items;
  for (const { id } of gone) {
    const words = endWords(
      questions.peek().lately.find((one) => one.id === id),
      me.peek(),
    );
    if (words !== undefined) toast(words);
  }
}
