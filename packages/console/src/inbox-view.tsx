// What is waiting for the person: mentions to hand over, reject or answer, questions from the daemon, and answers that came.
import type { InboxItem } from "@agora/ipc/messages";
import { harmlessLine } from "@agora/protocol";
import type { VNode } from "preact";
import { act } from "./acts.ts";
import { Avatar } from "./avatar.tsx";
import { confirm } from "./dialog.tsx";
import { Markdown } from "./markdown.tsx";
import { Page } from "./page.tsx";
import { inbox, isMember, members, requests } from "./room.ts";
import { hrefOf } from "./route.ts";
import { agoWords } from "./time-words.ts";

export function InboxView(): VNode {
  const items = inbox.value;
  const open = requests.value.toReversed();
  const answers = items.filter((item) => item.answers !== undefined).toReversed();
  return (
    <Page label="Inbox">
      {open.length === 0 && answers.length === 0 && (
        <div class="empty">
          <h2>Nothing waits for you</h2>
          <p>
            {isMember.value
              ? "What others ask of you comes here."
              : "Mentions come here in manual mode, and in auto mode when a bound is reached."}
          </p>
        </div>
      )}
      {open.length > 0 && (
        <section aria-labelledby="inbox-open">
          <h2 id="inbox-open">Waiting for you</h2>
          <ul class="cards">
            {open.map((item) => (
              <li key={item.id}>{item.kind === "card" ? <BudgetCard item={item} /> : <Card item={item} />}</li>
            ))}
          </ul>
        </section>
      )}
      {answers.length > 0 && (
        <section aria-labelledby="inbox-answers">
          <div class="section-head">
            <h2 id="inbox-answers">Answers to you</h2>
            <button type="button" onClick={() => void act("inbox", {}, "All answers were read.")}>
              Mark as read
            </button>
          </div>
          <ul class="cards">
            {answers.map((item) => (
              <li key={item.id}>
                <Card item={item} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </Page>
  );
}

const STATES: Readonly<Record<InboxItem["state"], string>> = {
  open: "waits for you",
  auto: "a session is answering",
  accepted: "handed over",
};

export function Card({ item }: { readonly item: InboxItem }): VNode {
  const { thread, from } = item;
  const isAnswer = item.answers !== undefined;
  const hasSession = members.value.some(({ you, seats }) => you && seats.some(({ connected }) => connected));
  const accept = async (asks: boolean): Promise<void> => {
    const extra = asks
      ? await confirm({
          title: `Hand over what ${from} asks`,
          field: { label: "Your own words to your agent", needed: true },
          action: "Hand over",
        })
      : "";
    if (extra === undefined) return;
    if (isMember.value) return void (await act("accept", { thread }, `${from} is told that you saw it.`));
    const words = hasSession ? "Handed over to your agent." : "It will be handed to the next session that opens.";
    await act("accept", { thread, ...(extra === "" ? {} : { extra }) }, words);
  };
  const reject = async (): Promise<void> => {
    const reason = await confirm({
      title: `Refuse what ${from} asks?`,
      text: `${from} is told so.`,
      field: { label: "Reason", needed: false },
      action: "Refuse",
      danger: true,
    });
    if (reason !== undefined) await act("reject", { thread, ...(reason === "" ? {} : { reason }) }, `${from} is told.`);
  };
  return (
    <article class="card" aria-label={`From ${from}`}>
      <header>
        <Avatar name={from} agent={item.role === "agent"} />
        <strong>{from}</strong>
        {item.role === "agent" && <span class="tag agent-tag">agent</span>}
        {item.channel !== undefined && (
          <a class="dim" href={hrefOf({ view: "channel", name: item.channel })}>
            in #{item.channel}
          </a>
        )}
        <span class="dim">{agoWords(item.at, Date.now())}</span>
        {item.rejected === true && <span class="tag bad">refused what you asked</span>}
        {!isAnswer && (
          <span class={`tag state-${item.state}`}>
            {isMember.value && item.state === "accepted" ? "you took it on" : STATES[item.state]}
            {item.seat !== undefined && ` (${item.seat})`}
          </span>
        )}
      </header>
      {item.reason !== undefined && <p class="note">Why it is here: {item.reason}</p>}
      <Markdown text={item.text === "" && item.file !== undefined ? item.file.name : item.text} />
      {item.file !== undefined && (
        <p class="dim">
          File: {harmlessLine(item.file.name, 120)} ({item.file.state})
        </p>
      )}
      <div class="buttons">
        {!isAnswer && item.state === "open" && (
          <>
            <button type="button" class="primary" onClick={() => void accept(false)}>
              Accept
            </button>
            {!isMember.value && (
              <button type="button" onClick={() => void accept(true)}>
                Accept with a word …
              </button>
            )}
          </>
        )}
        <a class="button" href={hrefOf({ view: "inbox", thread })}>
          {isAnswer ? "Open thread" : "Answer yourself"}
        </a>
        {!isAnswer && (
          <button type="button" class="danger-quiet" onClick={() => void reject()}>
            Reject
          </button>
        )}
      </div>
    </article>
  );
}

/** A chain hit its limit: may it go on? */
export function BudgetCard({ item }: { readonly item: InboxItem }): VNode {
  const { card, thread } = item;
  return (
    <article class="card budget" aria-label="A question: shall the agents go on?">
      <header>
        <strong>Shall the agents go on?</strong>
        <span class="dim">{agoWords(item.at, Date.now())}</span>
      </header>
      <Markdown text={item.text} />
      {card !== undefined && (
        <p class="note">
          {card.turns} of {card.limit} automatic turns{card.path.length > 0 && ` by ${card.path.join(" → ")}`}
          {card.pattern !== undefined && `. ${card.pattern}`}
        </p>
      )}
      <div class="buttons">
        <button type="button" class="primary" onClick={() => void act("more", { thread }, "They may go on.")}>
          Give more turns
        </button>
        <button type="button" class="danger-quiet" onClick={() => void act("reject", { thread }, "It stays stopped.")}>
          Stop here
        </button>
        <a class="button" href={hrefOf({ view: "inbox", thread })}>
          Look at the thread
        </a>
      </div>
    </article>
  );
}
