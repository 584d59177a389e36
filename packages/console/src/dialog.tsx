// A question before something that can't be taken back, and small forms: the browser's own dialog, which keeps the keyboard in.
import { signal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface Question {
  readonly title: string;
  readonly text?: string;
  /** Asks for a line of text as well. */
  readonly field?: { readonly label: string; readonly needed: boolean };
  readonly action: string;
  readonly danger?: boolean;
}

interface Asking extends Question {
  readonly settle: (answer: string | undefined) => void;
}

const asking = signal<Asking | undefined>(undefined);

/** Asks; gives the text (empty when none was asked for), or undefined when it was cancelled. */
export function confirm(question: Question): Promise<string | undefined> {
  asking.peek()?.settle(undefined);
  return new Promise((resolve) => {
    asking.value = {
      ...question,
      settle(answer) {
        asking.value = undefined;
        resolve(answer);
      },
    };
  });
}

export function DialogHost(): VNode | null {
  const now = asking.value;
  return now === undefined ? null : <Dialog asking={now} />;
}

function Dialog({
  asking: { title, text, field, action, danger = false, settle },
}: {
  readonly asking: Asking;
}): VNode {
  const element = useRef<HTMLDialogElement>(null);
  const input = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    element.current?.showModal();
    input.current?.focus();
  }, []);
  const submit = (): void => {
    const value = input.current?.value.trim() ?? "";
    if (field?.needed !== true || value !== "") settle(value);
  };
  return (
    <dialog ref={element} class="dialog" aria-labelledby="dialog-title" onCancel={() => settle(undefined)}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <h2 id="dialog-title">{title}</h2>
        {text !== undefined && <p>{text}</p>}
        {field !== undefined && (
          <label>
            {field.label}
            <textarea
              ref={input}
              rows={3}
              onKeyDown={(event) => {
                if (event.key !== "Enter" || event.shiftKey) return;
                event.preventDefault();
                submit();
              }}
            />
          </label>
        )}
        <div class="buttons">
          <button type="button" onClick={() => settle(undefined)}>
            Cancel
          </button>
          <button type="submit" class={danger ? "danger" : "primary"}>
            {action}
          </button>
        </div>
      </form>
    </dialog>
  );
}
