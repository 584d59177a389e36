// Confirmations before something irreversible, and small forms: the browser's own dialog element, which traps the keyboard.
import { signal } from "@preact/signals";
import type { ComponentChildren, VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface Question {
  readonly title: string;
  readonly text?: string;
  /** Also asks for a line of text. */
  readonly field?: { readonly label: string; readonly needed: boolean };
  readonly action: string;
  readonly danger?: boolean;
}

/** The question on screen; `settle` with undefined when another question replaces it. */
interface Asking {
  readonly show: () => VNode;
  readonly cancel: () => void;
}

const asking = signal<Asking | undefined>(undefined);

/** Opens a dialog with its own form; resolves with what it settles with, or undefined if cancelled. */
export function askByForm<T>(form: (settle: (answer: T | undefined) => void) => VNode): Promise<T | undefined> {
  asking.peek()?.cancel();
  return new Promise((resolve) => {
    const settle = (answer: T | undefined): void => {
      asking.value = undefined;
      resolve(answer);
    };
    asking.value = { show: () => form(settle), cancel: () => settle(undefined) };
  });
}

/** Asks; resolves with the text (empty if none was asked for), or undefined if cancelled. */
export function confirm(question: Question): Promise<string | undefined> {
  return askByForm<string>((settle) => <QuestionForm question={question} settle={settle} />);
}

export function DialogHost(): VNode | null {
  return asking.value?.show() ?? null;
}

function QuestionForm({
  question: { title, text, field, action, danger = false },
  settle,
}: {
  readonly question: Question;
  readonly settle: (answer: string | undefined) => void;
}): VNode {
  const input = useRef<HTMLTextAreaElement>(null);
  const submit = (): void => {
    const value = input.current?.value.trim() ?? "";
    if (field?.needed !== true || value !== "") settle(value);
  };
  return (
    <Dialog title={title} action={action} danger={danger} onSubmit={submit} onCancel={() => settle(undefined)}>
      {text !== undefined && <p>{text}</p>}
      {field !== undefined && (
        <label>
          {field.label}
          <textarea
            ref={input}
            data-first
            rows={3}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || event.shiftKey) return;
              event.preventDefault();
              submit();
            }}
          />
        </label>
      )}
    </Dialog>
  );
}

/** The frame of a dialog: title, content and two buttons. The element with `data-first` gets the focus. */
export function Dialog({
  title,
  action,
  danger = false,
  onSubmit,
  onCancel,
  children,
}: {
  readonly title: string;
  readonly action: string;
  readonly danger?: boolean;
  readonly onSubmit: () => void;
  readonly onCancel: () => void;
  readonly children: ComponentChildren;
}): VNode {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    element.current?.showModal();
    element.current?.querySelector<HTMLElement>("[data-first]")?.focus();
  }, []);
  return (
    <dialog ref={element} class="dialog" aria-labelledby="dialog-title" onCancel={onCancel}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        <h2 id="dialog-title">{title}</h2>
        {children}
        <div class="buttons">
          <button type="button" onClick={onCancel}>
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
