// One line of the room: who, to whom, what, and how far the delivery of the person's own lines is.
import type { FileState, LineReaction } from "@agora/ipc/messages";
import { formatAddress, harmlessLine, messageLink } from "@agora/protocol";
import type { VNode } from "preact";
import { act } from "./acts.ts";
import { iconOf } from "./control-words.ts";
import { AnswerHere } from "./answer-here.tsx";
import { Avatar } from "./avatar.tsx";
import { deliveryWords, toneOf } from "./delivery-words.ts";
import { Icon, type IconName } from "./icon.tsx";
import type { ShownLine } from "./line-book.ts";
import { Markdown } from "./markdown.tsx";
import { askDeliveries, book, deliveries, fileUrl, progress, who } from "./room.ts";
import { go, hrefOf, route, withThread } from "./route.ts";
import { clockWords, fullWords, sizeWords } from "./time-words.ts";
import { toast } from "./toasts.tsx";

/** How a message is shown. */
export interface MessageProps {
  readonly line: ShownLine;
  /** It follows another of the same author: no header. */
  readonly isNext: boolean;
  /** It is already shown within its thread. */
  readonly inThread: boolean;
}

export function Message({ line, isNext, inThread }: MessageProps): VNode {
  if (line.control !== undefined && line.kind === "control")
    return <ControlMessage line={line} icon={iconOf(line.control.act)} />;
  if (line.kind === "channel") return <ControlMessage line={line} icon="channels" isQuiet />;
  const isAgent = line.role === "agent";
  const speaker = line.seat === undefined || !isAgent ? line.author : `${line.author}/${line.seat}`;
  return (
    <div class={`message${isNext ? " next" : ""}${line.pending === true ? " pending" : ""}${line.mine ? " mine" : ""}`}>
      {isNext ? (
        <time class="side-time" dateTime={new Date(line.time).toISOString()} aria-hidden="true">
          {clockWords(line.time)}
        </time>
      ) : (
        <Avatar name={line.author} agent={isAgent} />
      )}
      <div class="content">
        <div class={isNext ? "head visually-hidden" : "head"} id={`head-${line.id}`}>
          <a class="author" href={hrefOf({ view: "with", name: line.author })}>
            {speaker}
          </a>
          {isAgent && <span class="tag agent-tag">agent</span>}
          {line.hop > 0 && (
            <span class="tag" title="Automatic turns since a person last spoke">
              turn {line.hop}
            </span>
          )}
          {line.channel !== undefined && !isHere(line.channel) && (
            <a class="to" href={hrefOf({ view: "channel", name: line.channel })}>
              #{line.channel}
            </a>
          )}
          {line.to.length > 0 && (
            <span class="to">
              <span aria-hidden="true">→ </span>
              <span class="visually-hidden">to </span>
              {line.to.map(formatAddress).join(" ")}
            </span>
          )}
          <time dateTime={new Date(line.time).toISOString()} title={fullWords(line.time)}>
            {clockWords(line.time)}
          </time>
        </div>
        {isNext && line.to.length > 0 && <div class="to">→ {line.to.map(formatAddress).join(" ")}</div>}
        {!inThread && line.thread !== line.id && <Context line={line} />}
        {line.withheld !== undefined && <p class="note bad">Withheld: {line.withheld}</p>}
        {line.text !== "" && <Markdown text={line.text} />}
        {line.kind === "question" && !inThread && <AnswerHere id={line.id} />}
        {line.file !== undefined && <FileCard id={line.id} file={line.file} />}
        <Reactions line={line} />
        {line.mine && <Deliveries line={line} />}
        <Actions line={line} inThread={inThread} />
      </div>
    </div>
  );
}

function ControlMessage({
  line,
  icon,
  isQuiet = false,
}: {
  readonly line: ShownLine;
  readonly icon: IconName;
  /** Nobody is held back by it. */
  readonly isQuiet?: boolean;
}): VNode {
  return (
    <div class={isQuiet ? "control-line quiet" : "control-line"}>
      <Icon name={icon} />
      <span>
        <strong>{line.author}</strong> {harmlessLine(line.text, 400)}
      </span>
      <time dateTime={new Date(line.time).toISOString()}>{clockWords(line.time)}</time>
    </div>
  );
}

/** The channel is the one being shown. */
function isHere(channel: string): boolean {
  return route.value.view === "channel" && route.value.name === channel;
}

/** What it answers, in one line. */
function Context({ line }: { readonly line: ShownLine }): VNode {
  const about = line.about?.id ?? line.thread;
  const first = book.value.room.find(({ id }) => id === about) ?? book.value.apart.get(about);
  const how = line.about?.how === "rejects" ? "rejects" : "answers";
  return (
    <a class="context" href={hrefOf(withThread(line.thread))}>
      <Icon name="reply" />
      <span>
        {first === undefined ? `${how} an earlier message` : `${how} ${first.author}: ${harmlessLine(first.text, 90)}`}
      </span>
    </a>
  );
}

function Deliveries({ line }: { readonly line: ShownLine }): VNode | null {
  if (line.pending === true) return <div class="deliveries">sending …</div>;
  const known = deliveries.value.get(line.id);
  if (known === undefined || known.length === 0) {
    if (line.stamp === undefined) return <div class="deliveries wait">waits for the relay</div>;
    if (line.to.length === 0) return null;
    return (
      <button type="button" class="quiet deliveries" onClick={() => void askDeliveries(line.id)}>
        sent · how far?
      </button>
    );
  }
  return (
    <ul class="deliveries" aria-label="Delivery">
      {known.map((one) => (
        <li class={toneOf(one)}>
          {known.length > 1 || line.to.length !== 1 ? `${one.member}: ` : ""}
          {deliveryWords(one)}
        </li>
      ))}
    </ul>
  );
}

function FileCard({ id, file }: { readonly id: string; readonly file: FileState }): VNode {
  const name = harmlessLine(file.name, 120);
  const isHere = file.path !== undefined;
  const now = progress.value.get(id);
  const share = now !== undefined && now.size > 0 ? Math.round((now.bytes / now.size) * 100) : 100;
  const isPicture = isHere && /\.(png|jpe?g|gif|webp)$/i.test(file.name);
  return (
    <div class="file">
      {isPicture && (
        <a href={fileUrl(id)} target="_blank" rel="noopener">
          <img src={fileUrl(id)} alt={name} loading="lazy" />
        </a>
      )}
      <div class="file-line">
        <Icon name="file" />
        {isHere ? (
          <a href={fileUrl(id)} target="_blank" rel="noopener" download={isPicture ? undefined : name}>
            {name}
          </a>
        ) : (
          <span>{name}</span>
        )}
        <span class="dim">
          {sizeWords(file.size)}
          {isHere || file.state === "sent"
            ? ""
            : ` · ${file.reason === undefined ? file.state : harmlessLine(file.reason, 120)}`}
          {share < 100 && ` · ${share} %`}
        </span>
      </div>
    </div>
  );
}

/** What was reacted with, and how often; a press says the same, or takes one's own back. */
function Reactions({ line }: { readonly line: ShownLine }): VNode | null {
  const { reactions = [] } = line;
  if (reactions.length === 0) return null;
  return (
    <div class="reactions" role="group" aria-label="Reactions">
      {reactions.map(({ text, by }) => {
        const isOwn = isMine(by);
        const names = by.map(({ member, role }) => (role === "agent" ? `${member} (agent)` : member)).join(", ");
        return (
          <button
            key={text}
            type="button"
            aria-pressed={isOwn}
            aria-label={`${harmlessLine(text, 40)}: ${names}`}
            title={names}
            onClick={() => void act("react", { id: line.id, text: isOwn ? "" : text }, "")}
          >
            {harmlessLine(text, 40)} {by.length}
          </button>
        );
      })}
    </div>
  );
}

function thumbsUp({ reactions = [] }: ShownLine): LineReaction["by"] {
  return reactions.find(({ text }) => text === "👍")?.by ?? [];
}

function isMine(by: LineReaction["by"]): boolean {
  return by.some(({ member, role }) => role === "user" && member === who.value?.you);
}

function Actions({ line, inThread }: { readonly line: ShownLine; readonly inThread: boolean }): VNode | null {
  if (line.pending === true) return null;
  const copy = async (): Promise<void> => {
    const link = messageLink(who.peek()?.room ?? "", line.id);
    await navigator.clipboard.writeText(link).then(
      () => toast("The link was copied: it opens here, and in a terminal with agora open."),
      () => toast(link),
    );
  };
  return (
    <div class="actions">
      {!inThread && (
        <button
          type="button"
          aria-label={`Reply to ${line.author}`}
          title="Reply (r)"
          onClick={() => go(withThread(line.thread))}
        >
          <Icon name="reply" />
        </button>
      )}
      <button
        type="button"
        aria-label={`React to ${line.author} with 👍`}
        title="React with 👍"
        onClick={() => void act("react", { id: line.id, text: isMine(thumbsUp(line)) ? "" : "👍" }, "")}
      >
        👍
      </button>
      <button type="button" aria-label="Copy a link to this message" title="Copy link" onClick={() => void copy()}>
        <Icon name="link" />
      </button>
    </div>
  );
}
