// The room's card above what is said: its title, its purpose, its repositories; and the form by which a lead or an operator sets it.
import { harmlessLine, MAX_CARD_PURPOSE_CHARS, MAX_CARD_TITLE_CHARS, type Repository } from "@agora/protocol";
import type { Results } from "@agora/ipc/messages";
import type { VNode } from "preact";
import { useRef } from "preact/hooks";
import { act } from "./acts.ts";
import { askByForm, Dialog } from "./dialog.tsx";
import { card } from "./room.ts";

type Card = Results["card"];

/** The card; nothing where there is none that this member could set. */
export function RoomCard(): VNode | null {
  const now = card.value;
  if (now === undefined || (now.by === undefined && now.mine !== true)) return null;
  const { room, title, purpose, repositories, mine } = now;
  return (
    <div class="channel-head" role="group" aria-label="About the room">
      <span class="topic">
        <strong>{harmlessLine(title ?? room, MAX_CARD_TITLE_CHARS)}</strong>{" "}
        {purpose === undefined ? (
          <span class="dim">{now.by === undefined ? "has no card yet" : ""}</span>
        ) : (
          harmlessLine(purpose, MAX_CARD_PURPOSE_CHARS)
        )}
      </span>
      {repositories.length > 0 && (
        <details>
          <summary>
            {repositories.length} {repositories.length === 1 ? "repository" : "repositories"}
          </summary>
          <ul aria-label="Repositories">
            {repositories.map((one) => (
              <li key={one.label}>
                <RepositoryLink repository={one} />
              </li>
            ))}
          </ul>
        </details>
      )}
      {mine === true && (
        <button type="button" class="quiet" onClick={() => void editCard(now)}>
          Set the card
        </button>
      )}
    </div>
  );
}

/** Only an address that a browser opens is a link. */
function RepositoryLink({ repository: { url, label } }: { readonly repository: Repository }): VNode {
  return (
    <>
      <span class="tag">{label}</span>
      {url.startsWith("https://") ? (
        <a href={url} target="_blank" rel="noopener noreferrer">
          {url}
        </a>
      ) : (
        <code>{url}</code>
      )}
    </>
  );
}

/** What the form gives: each field as it is to stand on the card. */
interface Wish {
  readonly title: string;
  readonly purpose: string;
  readonly repositories: readonly Repository[];
}

async function editCard(now: Card): Promise<void> {
  const wish = await askByForm<Wish>((settle) => <CardForm now={now} settle={settle} />);
  if (wish === undefined) return;
  const without = now.repositories
    .map(({ label }) => label)
    .filter((label) => !wish.repositories.some((r) => r.label === label));
  await act("setCard", { ...wish, repositories: [...wish.repositories], without }, "The card is set.");
}

function CardForm({ now, settle }: { readonly now: Card; readonly settle: (wish: Wish | undefined) => void }): VNode {
  const title = useRef<HTMLInputElement>(null);
  const purpose = useRef<HTMLTextAreaElement>(null);
  const repositories = useRef<HTMLTextAreaElement>(null);
  const submit = (): void =>
    settle({
      title: title.current?.value ?? "",
      purpose: purpose.current?.value ?? "",
      repositories: readRepositories(repositories.current?.value ?? ""),
    });
  return (
    <Dialog title="The room's card" action="Set" onSubmit={submit} onCancel={() => settle(undefined)}>
      <p>Everybody in the room reads it, newcomers too: put no password and no token into an address.</p>
      <label>
        Title
        <input ref={title} data-first maxLength={MAX_CARD_TITLE_CHARS} defaultValue={now.title ?? ""} />
      </label>
      <label>
        Purpose
        <textarea ref={purpose} rows={2} maxLength={MAX_CARD_PURPOSE_CHARS} defaultValue={now.purpose ?? ""} />
      </label>
      <label>
        Repositories, one a line: address=label
        <textarea
          ref={repositories}
          rows={4}
          defaultValue={now.repositories.map(({ url, label }) => `${url}=${label}`).join("\n")}
        />
      </label>
    </Dialog>
  );
}

/** A line without a label keeps an empty one, which the daemon refuses with a sentence. */
function readRepositories(text: string): readonly Repository[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => {
      const at = line.lastIndexOf("=");
      return at < 0 ? { url: line, label: "" } : { url: line.slice(0, at), label: line.slice(at + 1).trim() };
    });
}
