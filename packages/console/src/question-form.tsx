// One question as a form: radio buttons, checkboxes or a text, and free text where allowed.
import type { QuestionState } from "@agora/ipc/messages";
import { harmlessLine } from "@agora/protocol";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { act } from "./acts.ts";
import { confirm } from "./dialog.tsx";
import { Markdown } from "./markdown.tsx";
import { hrefOf } from "./route.ts";

/** Free text is listed among the choices under a name that no choice can have. */
const OTHER = "=other";

/** The form of a question that is waiting for this person. */
export function QuestionForm({ question }: { readonly question: QuestionState }): VNode {
  const { id, thread, from, text, pick, choices = [], other, otherwise } = question;
  const [picked, setPicked] = useState<readonly string[]>([]);
  const [words, setWords] = useState("");
  const [isSending, setSending] = useState(false);
  const isText = pick === "text";
  const hasOther = picked.includes(OTHER);
  const isAnswered = isText || hasOther ? words.trim() !== "" : picked.length > 0;
  const choose = (value: string, on: boolean): void => {
    if (pick === "one") return setPicked([value]);
    setPicked(on ? [...picked, value] : picked.filter((one) => one !== value));
  };
  const submit = async (): Promise<void> => {
    if (!isAnswered || isSending) return;
    setSending(true);
    const ids = choices.map((choice) => choice.id).filter((one) => picked.includes(one));
    const own = isText || hasOther ? { text: words } : {};
    await act("answer", { question: id, picked: ids, ...own }, `${from} is told.`);
    setSending(false);
  };
  const decline = async (): Promise<void> => {
    const reason = await confirm({
      title: "Refuse to answer?",
      text: `${from} is told so.`,
      field: { label: "Reason", needed: false },
      action: "Refuse",
      danger: true,
    });
    if (reason !== undefined)
      await act("reject", { thread: id, ...(reason === "" ? {} : { reason }) }, `${from} is told.`);
  };
  const field = (label: string): VNode => (
    <textarea
      rows={isText ? 3 : 1}
      aria-label={label}
      value={words}
      maxLength={4_000}
      onInput={(event) => {
        setWords(event.currentTarget.value);
        if (!isText && !hasOther) choose(OTHER, true);
      }}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        void submit();
      }}
    />
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <fieldset aria-labelledby={`question-${id}`}>
        <div id={`question-${id}`}>
          <Markdown text={text} />
        </div>
        {isText && field("Your answer")}
        {!isText && (
          <ul class="picks">
            {choices.map((choice) => (
              <li key={choice.id}>
                <Pick pick={pick} question={id} value={choice.id} picked={picked} choose={choose}>
                  {harmlessLine(choice.label)}
                  {choice.about !== undefined && <span class="dim"> {harmlessLine(choice.about)}</span>}
                </Pick>
              </li>
            ))}
            {other === true && (
              <li>
                <Pick pick={pick} question={id} value={OTHER} picked={picked} choose={choose}>
                  Other:
                </Pick>
                {field("Other, in your own words")}
              </li>
            )}
          </ul>
        )}
      </fieldset>
      {otherwise !== undefined && <p class="note">Without an answer: {harmlessLine(otherwise)}</p>}
      <div class="buttons">
        <button type="submit" class="primary" disabled={!isAnswered || isSending}>
          Answer
        </button>
        <a class="button" href={hrefOf({ view: "questions", thread })}>
          Look at the thread
        </a>
        <button type="button" class="danger-quiet" onClick={() => void decline()}>
          Refuse
        </button>
      </div>
    </form>
  );
}

function Pick({
  pick,
  question,
  value,
  picked,
  choose,
  children,
}: {
  readonly pick: QuestionState["pick"];
  readonly question: string;
  readonly value: string;
  readonly picked: readonly string[];
  readonly choose: (value: string, on: boolean) => void;
  readonly children: VNode | string | (VNode | string | false)[];
}): VNode {
  return (
    <label class="pick">
      <input
        type={pick === "one" ? "radio" : "checkbox"}
        name={`answer-${question}`}
        value={value}
        checked={picked.includes(value)}
        onChange={(event) => choose(value, event.currentTarget.checked)}
      />
      <span>{children}</span>
    </label>
  );
}
