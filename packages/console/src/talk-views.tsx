// The places where people talk: the room, a member, a thread.
import type { VNode } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { Composer, type ComposerProps } from "./composer.tsx";
import { Feed } from "./feed.tsx";
import { Icon } from "./icon.tsx";
import { select, type ShownLine } from "./line-book.ts";
import { markAllRead, markRead, newSince } from "./read-marks.ts";
import { book, isLoaded, loadApart, loadOlder, me, members, roomLines, unreadLines, who, whoami } from "./room.ts";
import { RoomCard } from "./room-card.tsx";
import { go, withThread } from "./route.ts";

/** Where a person writes; an observer only watches. */
export function Writing(props: ComposerProps): VNode {
  return whoami.value?.grant === "observer" ? (
    <p class="observing">You observe this room: you see what is said, and can't write or act.</p>
  ) : (
    <Composer key={props.place} {...props} />
  );
}

/** Lets files be dropped on a place; its composer takes them. */
export const dropZone = {
  onDragOver: (event: DragEvent) => event.preventDefault(),
  onDrop(event: DragEvent & { readonly currentTarget: HTMLElement }) {
    event.preventDefault();
    const files = [...(event.dataTransfer?.files ?? [])];
    const composer = event.currentTarget.querySelector("textarea");
    if (files.length > 0) composer?.dispatchEvent(new CustomEvent("agora-files", { detail: files }));
  },
};

const NONE: readonly ShownLine[] = [];

export function RoomView(): VNode {
  const isNew = useMemo(() => newSince("*"), [isLoaded.value]);
  const unread = unreadLines.value;
  return (
    <div class="talk" {...dropZone}>
      <RoomCard />
      <Feed
        label="Messages of the room"
        lines={isLoaded.value ? roomLines.value : NONE}
        isNew={isNew}
        unread={{
          lines: unread,
          toMe: unread.filter(({ to }) => to.some(({ member }) => member === me.value)).length,
          onAllRead: () => markAllRead("*", roomLines.peek()),
        }}
        older={book.value.more ? loadOlder : undefined}
        seen={(line) => markRead("*", line)}
        empty={
          <div class="empty">
            {isLoaded.value ? (
              <>
                <h2>Nobody has spoken yet</h2>
                <p>
                  {members.value.length > 1
                    ? "Write below. Begin with @name to address somebody."
                    : `You are the only one who was ever seen in the room “${who.value?.room ?? ""}”: it may just have been made. Invite others (agora invite NAME), or join the room they are in (agora start --room NAME).`}
                </p>
              </>
            ) : (
              <p>Loading …</p>
            )}
          </div>
        }
      />
      <Writing place="room" placeholder="Write, or begin with @name" />
    </div>
  );
}

export function WithView({ name }: { readonly name: string }): VNode {
  useEffect(() => void loadApart({ with: name, direct: true }), [name]);
  const mine = me.value;
  const isNew = useMemo(() => newSince(`@${name}`), [name, isLoaded.value]);
  const lines = useMemo(
    () =>
      select(book.value, (line) =>
        name === mine
          ? line.mine && line.channel === undefined
          : line.channel === undefined &&
            ((line.author === name && line.to.some(({ member }) => member === mine)) ||
              (line.mine && line.to.some(({ member }) => member === name))),
      ),
    [book.value, name, mine],
  );
  return (
    <div class="talk" {...dropZone}>
      <Feed
        key={name}
        label={`Messages with ${name}`}
        lines={lines}
        isNew={isNew}
        seen={(line) => markRead(`@${name}`, line)}
        empty={
          <div class="empty">
            <h2>Nothing between you and {name} yet</h2>
            <p>What you write here is sent to {name} alone.</p>
          </div>
        }
      />
      <Writing
        place={`with ${name}`}
        placeholder={name === mine ? "Write to the room" : `Write to ${name}`}
        {...(name === mine ? {} : { to: name })}
      />
    </div>
  );
}

export function ThreadPanel({ thread }: { readonly thread: string }): VNode {
  useEffect(() => void loadApart({ thread }), [thread]);
  const lines = useMemo(() => select(book.value, (line) => line.thread === thread), [book.value, thread]);
  return (
    <aside class="aside" aria-label="Thread" {...dropZone}>
      <header class="aside-head">
        <button
          type="button"
          class="icon-button"
          aria-label="Close the thread"
          title="Close (Esc)"
          onClick={() => go(withThread(undefined))}
        >
          <Icon name="close" />
        </button>
        <h2>Thread</h2>
        <span class="dim">#{thread.slice(0, 6)}</span>
      </header>
      <div class="talk">
        <Feed
          key={thread}
          label="Messages of the thread"
          lines={lines}
          inThread
          empty={<div class="empty">Loading …</div>}
        />
        <Writing place={`thread ${thread}`} thread={thread} placeholder="Reply in this thread" autoFocus />
      </div>
    </aside>
  );
}
