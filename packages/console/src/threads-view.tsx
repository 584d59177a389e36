// The threads in the loaded lines, latest first.
import { harmlessLine } from "@agora/protocol";
import type { VNode } from "preact";
import { Avatar } from "./avatar.tsx";
import { Page } from "./page.tsx";
import { isRead } from "./read-state.ts";
import { threads } from "./room.ts";
import { hrefOf } from "./route.ts";
import { agoWords } from "./time-words.ts";

const MAX_SHOWN = 100;

export function ThreadsView(): VNode {
  const all = threads.value.filter(({ count }) => count > 1);
  if (all.length === 0)
    return (
      <Page label="Threads">
        <div class="empty">
          <h2>No threads yet</h2>
          <p>Reply to a message, and its thread stands here.</p>
        </div>
      </Page>
    );
  return (
    <Page label="Threads">
      <ul class="thread-list">
        {all.slice(0, MAX_SHOWN).map(({ id, first, last, count, people }) => (
          <li key={id}>
            <a
              class={!last.mine && !isRead(last) ? "thread-link unread" : "thread-link"}
              href={hrefOf({ view: "threads", thread: id })}
            >
              <Avatar name={first.author} agent={first.role === "agent"} />
              <span class="thread-text">
                <strong>{first.author}</strong> {harmlessLine(first.text, 140)}
                <span class="dim">
                  {count - 1} {count === 2 ? "reply" : "replies"} · {people.join(", ")} ·{" "}
                  {agoWords(last.time, Date.now())}
                </span>
              </span>
            </a>
          </li>
        ))}
      </ul>
    </Page>
  );
}
