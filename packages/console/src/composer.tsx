// Where a person writes: to the room, to a member, or into a thread. Enter sends; a leading `@name` addresses.
import { leadingAddresses, leadingChannel } from "@agora/protocol";
import type { VNode } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { type Choice, complete, completionAt } from "./completion.ts";
import { Icon } from "./icon.tsx";
import { controls, members, upload } from "./room.ts";
import { say } from "./say.ts";
import { announce, toast } from "./toasts.tsx";

/** Drafts survive a change of view, but not of the page. */
const drafts = new Map<string, string>();
/** The composers on screen: what couldn't be sent goes back to the one for its place. */
const mounted = new Map<string, (text: string) => void>();

interface Attached {
  readonly id: number;
  readonly file: File;
  readonly share: number;
  /** Its turn has come, or will: it is sent with what the person said to it. */
  readonly isSending: boolean;
}

let lastAttached = 0;

/** What one press of Enter sends. */
interface Post {
  readonly words: string;
  /** What was typed before the words: whom and where. */
  readonly lead: string;
  readonly whom: readonly string[];
  readonly where: string | undefined;
  readonly files: readonly Attached[];
}

export interface ComposerProps {
  /** What the draft belongs to. */
  readonly place: string;
  readonly placeholder: string;
  readonly thread?: string;
  /** The channel to speak in; in the room and with people, a leading `#name` chooses one. */
  readonly channel?: string;
  /** Addressed without being typed. */
  readonly to?: string;
  readonly autoFocus?: boolean;
}

/** Belongs to one place for its whole life: another place means another composer (`key`). */
export function Composer({ place, placeholder, thread, channel, to, autoFocus = false }: ComposerProps): VNode {
  const [text, setText] = useState(drafts.get(place) ?? "");
  const [caret, setCaret] = useState(0);
  const [chosen, setChosen] = useState(0);
  const [closed, setClosed] = useState(false);
  const [files, setFiles] = useState<readonly Attached[]>([]);
  const [failure, setFailure] = useState("");
  /** Over when the files that were sent before are: what is sent meanwhile comes behind them, and nothing is ignored. */
  const filesBefore = useRef(Promise.resolve());
  const box = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const id = useId();
  const completion = closed ? undefined : completionAt(text, caret, members.value);
  const isStopped = controls.value?.stopped !== undefined;

  useLayoutEffect(() => {
    if (autoFocus) box.current?.focus();
  }, []);
  useLayoutEffect(() => {
    mounted.set(place, setText);
    return () => void (mounted.get(place) === setText && mounted.delete(place));
  }, []);
  /** Immediately, not with the next render: what comes back to this place must find it. */
  const put = (next: string): void => {
    drafts.set(place, next);
    setText(next);
  };
  useLayoutEffect(() => {
    const area = box.current!;
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, 240)}px`;
  }, [text]);
  useEffect(() => {
    if (completion !== undefined) announce(`${completion.choices.length} names: arrows choose, Tab takes`);
  }, [completion?.choices.map((c) => c.address).join()]);

  const attach = (list: Iterable<File>): void => {
    setFiles((now) => [...now, ...[...list].map((file) => ({ id: ++lastAttached, file, share: 0, isSending: false }))]);
    box.current?.focus();
  };
  useEffect(() => {
    const drop = (event: Event): void => attach((event as CustomEvent<readonly File[]>).detail);
    const element = box.current!;
    element.addEventListener("agora-files", drop);
    return () => element.removeEventListener("agora-files", drop);
  }, []);
  const take = (choice: Choice): void => {
    const next = complete(text, completion!, choice);
    // Immediately, not with the next render: a person typing on must not find the caret elsewhere.
    box.current!.value = next.text;
    box.current!.setSelectionRange(next.caret, next.caret);
    put(next.text);
    setCaret(next.caret);
    setChosen(0);
  };
  const change = (which: readonly Attached[], to: Partial<Attached>): void =>
    setFiles((now) =>
      now.map((one) => (which.some(({ id: changed }) => changed === one.id) ? { ...one, ...to } : one)),
    );
  const send = (): void => {
    const isPlain = thread === undefined && channel === undefined && to === undefined;
    const led = isPlain ? leadingChannel(text) : { text };
    const where = channel ?? led.channel;
    const { addresses, text: rest } = leadingAddresses(led.text);
    const whom = addresses.length > 0 ? addresses : to === undefined ? [] : [to];
    const attached = files.filter(({ isSending }) => !isSending);
    if (rest.trim() === "" && attached.length === 0) return;
    const lead = text.slice(0, text.length - rest.length);
    put("");
    setFailure("");
    change(attached, { isSending: true });
    const go = (): Promise<void> => post({ words: rest, lead, whom, where, files: attached });
    const sent = filesBefore.current.then(go, go);
    if (attached.length > 0) filesBefore.current = sent;
  };
  /** Files go one after the other, the words with the first. */
  const post = async ({ words, lead, whom, where, files: all }: Post): Promise<void> => {
    let rest = words;
    for (const [index, attached] of all.entries()) {
      const sent = await upload(attached.file, (share) => change([attached], { share }));
      const said = sent.ok ? await say({ text: rest, to: whom, thread, channel: where, upload: sent.value }) : sent;
      if (!said.ok) return fail(said.message, lead + rest, all.slice(index));
      rest = "";
      setFiles((now) => now.filter((one) => one.id !== attached.id));
    }
    if (all.length > 0) return;
    const said = await say({ text: words, to: whom, thread, channel: where });
    if (!said.ok) return fail(said.message, lead + words, []);
    if (said.value.reason !== undefined) toast(`Waits: ${said.value.reason}`);
    for (const note of said.value.notes) toast(note);
  };
  /** What was sent stays sent; the rest waits for another try. */
  const fail = (message: string, unsaid: string, unsent: readonly Attached[]): void => {
    change(unsent, { share: 0, isSending: false });
    const now = drafts.get(place) ?? "";
    // Text typed meanwhile goes behind, so that the addresses of the rest still come first; unless it is for others.
    const isForOthers = leadingChannel(now).channel !== undefined || leadingAddresses(now).addresses.length > 0;
    const draft = isForOthers ? now : joined(unsaid, now);
    const sentence = isForOthers && unsaid !== "" ? `${message} Not said: “${unsaid}”` : message;
    drafts.set(place, draft);
    mounted.get(place)?.(draft);
    if (box.current === null) toast(sentence);
    else setFailure(sentence);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    if (completion !== undefined) {
      const { choices } = completion;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        const step = event.key === "ArrowDown" ? 1 : -1;
        return setChosen((chosen + step + choices.length) % choices.length);
      }
      if (event.key === "Tab" || (event.key === "Enter" && !isWhole(text, caret, choices))) {
        event.preventDefault();
        return take(choices[Math.min(chosen, choices.length - 1)]!);
      }
      if (event.key === "Escape") {
        event.stopPropagation();
        return setClosed(true);
      }
    }
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      send();
    }
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {completion !== undefined && (
        <ul class="choices" role="listbox" id={`${id}-choices`} aria-label="Names">
          {completion.choices.map((choice, index) => (
            <li
              role="option"
              id={`${id}-${index}`}
              aria-selected={index === chosen}
              onMouseDown={(event) => {
                event.preventDefault();
                take(choice);
              }}
            >
              <span class={choice.online ? "dot on" : "dot"} aria-hidden="true" />@{choice.address}
              <span class="dim">{choice.about}</span>
            </li>
          ))}
        </ul>
      )}
      {failure !== "" && (
        <p class="failure" role="alert">
          {failure}
        </p>
      )}
      {files.length > 0 && (
        <ul class="attached" aria-label="Files to send">
          {files.map(({ id: one, file, share, isSending }) => (
            <li>
              <Icon name="file" />
              {file.name === "" ? "image" : file.name}
              {share > 0 && <span class="dim">{Math.round(share * 100)} %</span>}
              <button
                type="button"
                aria-label={`Remove ${file.name}`}
                disabled={isSending}
                onClick={() => setFiles((now) => now.filter((other) => other.id !== one))}
              >
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class="box">
        <button
          type="button"
          class="icon-button"
          aria-label="Attach a file"
          title="Attach a file"
          onClick={() => picker.current?.click()}
        >
          <Icon name="attach" />
        </button>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          aria-label="File"
          onChange={(event) => {
            attach(event.currentTarget.files ?? []);
            event.currentTarget.value = "";
          }}
        />
        <textarea
          ref={box}
          rows={1}
          value={text}
          placeholder={isStopped ? "The room is stopped" : placeholder}
          aria-label={placeholder}
          aria-autocomplete="list"
          aria-controls={completion === undefined ? undefined : `${id}-choices`}
          aria-activedescendant={completion === undefined ? undefined : `${id}-${chosen}`}
          onInput={(event) => {
            put(event.currentTarget.value);
            setCaret(event.currentTarget.selectionStart);
            setChosen(0);
            setClosed(false);
          }}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
          onKeyDown={onKeyDown}
          onPaste={(event) => {
            const pasted = [...(event.clipboardData?.files ?? [])];
            if (pasted.length === 0) return;
            event.preventDefault();
            attach(pasted);
          }}
        />
        <button
          type="submit"
          class="send"
          aria-label="Send"
          title="Send (Enter)"
          disabled={text.trim() === "" && files.every(({ isSending }) => isSending)}
        >
          <Icon name="send" />
        </button>
      </div>
    </form>
  );
}

/** The name is already complete: Enter sends. */
function isWhole(text: string, caret: number, choices: readonly Choice[]): boolean {
  return choices.some(({ address }) => text.slice(0, caret).toLowerCase().endsWith(`@${address}`));
}

function joined(before: string, after: string): string {
  return before === "" || after === "" || /\s$/.test(before) ? before + after : `${before} ${after}`;
}
