// Questions to people: everything waiting in one place, what this member asked, what was answered, and what was decided.
import type { DecisionState, QuestionState } from "@agora/ipc/messages";
import { harmlessLine } from "@agora/protocol";
import { signal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { act } from "./acts.ts";
import { Avatar } from "./avatar.tsx";
import { confirm } from "./dialog.tsx";
import { Markdown } from "./markdown.tsx";
import { Page } from "./page.tsx";
import { QuestionForm } from "./question-form.tsx";
import { ask, book, questions } from "./room.ts";
import { hrefOf } from "./route.ts";
import { agoWords, leftWords } from "./time-words.ts";

const DECISIONS = 50;
const TICK_MS = 1_000;

const decisions = signal<readonly DecisionState[]>([]);
/** Ticks while the view is open, so that the time left counts down visibly. */
const now = signal(Date.now());

export function QuestionsView(): VNode {
  const { waiting, asked, lately } = questions.value;
  useEffect(() => {
    now.value = Date.now();
    const ticking = setInterval(() => (now.value = Date.now()), TICK_MS);
    return () => clearInterval(ticking);
  }, []);
  const recorded = book.value.room.findLast(({ kind }) => kind === "decision" || kind === "answer")?.id;
  useEffect(() => void loadDecisions(), [questions.value, recorded]);
  return (
    <Page label="Questions">
      {waiting.length === 0 && (
        <div class="empty">
          <h2>No question waits for you</h2>
          <p>What agents and people ask you stands here, until you answer or its time is over.</p>
        </div>
      )}
      <Section id="waiting" title="Waiting for you" all={waiting} />
      <Section id="asked" title="Asked from here" all={asked} />
      <Section id="lately" title="Answered and ended" all={lately} />
      <section aria-labelledby="decisions-head">
        <div class="section-head">
          <h2 id="decisions-head">Decisions</h2>
          <button type="button" onClick={() => void decide()}>
            Record a decision …
          </button>
        </div>
        {decisions.value.length === 0 && <p class="dim">Nothing was decided yet.</p>}
        <ul class="cards">
          {decisions.value.map((decision) => (
            <li key={decision.id}>
              <Decided decision={decision} />
            </li>
          ))}
        </ul>
      </section>
    </Page>
  );
}

async function loadDecisions(): Promise<void> {
  const answer = await ask("decisions", { limit: DECISIONS });
  if (answer.ok) decisions.value = answer.value.decisions;
}

async function decide(): Promise<void> {
  const text = await confirm({
    title: "Record a decision",
    text: "Everybody in the room sees it. The first line is its title.",
    field: { label: "What was decided", needed: true },
    action: "Record",
  });
  if (text !== undefined && (await act("decide", { text }, "Recorded."))) await loadDecisions();
}

function Section({
  id,
  title,
  all,
}: {
  readonly id: string;
  readonly title: string;
  readonly all: readonly QuestionState[];
}): VNode | null {
  if (all.length === 0) return null;
  return (
    <section aria-labelledby={`questions-${id}`}>
      <h2 id={`questions-${id}`}>{title}</h2>
      <ul class="cards">
        {all.map((question) => (
          <li key={question.id}>
            <QuestionCard question={question} />
          </li>
        ))}
      </ul>
    </section>
  );
}

const STATES: Readonly<Record<QuestionState["state"], string>> = {
  open: "open",
  sent: "your answer is on its way",
  answered: "answered",
  refused: "refused",
  expired: "nobody answered in time",
  withdrawn: "withdrawn",
};

export function QuestionCard({ question }: { readonly question: QuestionState }): VNode {
  const { id, from, seat, role, at, text, state, expires, urgent, mine, forMe, to } = question;
  const isOpen = state === "open";
  return (
    <article class={urgent === true && isOpen ? "card urgent" : "card"} aria-label={`A question from ${from}`}>
      <header>
        <Avatar name={from} agent={role === "agent"} />
        <strong>{mine ? (role === "agent" ? "your agent" : "you") : from}</strong>
        {seat !== undefined && <span class="dim">{seat}</span>}
        {role === "agent" && <span class="tag agent-tag">agent</span>}
        {urgent === true && <span class="tag bad">urgent</span>}
        {!forMe && <span class="dim">to {to.join(", ")}</span>}
        <span class="dim">{agoWords(at, now.value)}</span>
        <span class={`tag state-${isOpen ? "open" : state}`}>
          {isOpen && expires !== undefined ? leftWords(expires, now.value) : STATES[state]}
        </span>
      </header>
      {isOpen && forMe ? <QuestionForm question={question} /> : <Markdown text={text} />}
      <Outcome question={question} />
      {isOpen && mine && !forMe && (
        <div class="buttons">
          <button type="button" onClick={() => void act("withdraw", { question: id }, "Withdrawn.")}>
            Withdraw
          </button>
        </div>
      )}
    </article>
  );
}

function Outcome({ question: { answer, late = [] } }: { readonly question: QuestionState }): VNode | null {
  if (answer === undefined && late.length === 0) return null;
  return (
    <ul class="outcome">
      {answer !== undefined && (
        <li>
          <strong>{answer.by}</strong> answered {harmlessLine(answer.words)}
        </li>
      )}
      {late.map(({ by, words }) => (
        <li key={by} class="dim">
          {by} answered {harmlessLine(words)}, too late
        </li>
      ))}
    </ul>
  );
}

function Decided({ decision }: { readonly decision: DecisionState }): VNode {
  const { by, at, title, text, asked, thread } = decision;
  return (
    <article class="card" aria-label={`A decision of ${by}`}>
      <header>
        <Avatar name={by} agent={false} />
        <strong>{by}</strong>
        <span class="dim">{agoWords(at, now.value)}</span>
        <a href={hrefOf({ view: "questions", thread })}>thread</a>
      </header>
      {asked !== undefined && <Markdown text={asked.text} />}
      <p>
        <strong>{harmlessLine(title)}</strong>
      </p>
      {text !== undefined && <Markdown text={text} />}
    </article>
  );
}
