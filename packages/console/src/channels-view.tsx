// All channels of the room: those the person is in, and those they may join.
import { harmlessLine } from "@agora/protocol";
import type { VNode } from "preact";
import { joinChannel, unreadIn } from "./channels.ts";
import { Page } from "./page.tsx";
import { channels } from "./room.ts";
import { hrefOf } from "./route.ts";

export function ChannelsView(): VNode {
  const all = channels.value.toSorted((a, b) => Number(b.joined) - Number(a.joined) || (a.name < b.name ? -1 : 1));
  return (
    <Page label="Channels">
      {all.length === 0 && (
        <div class="empty">
          <h2>There is no channel yet</h2>
          <p>A channel is a place inside the room: what is said there is sent to its members alone.</p>
        </div>
      )}
      <ul class="thread-list" aria-label="Channels">
        {all.map((one) => (
          <li key={one.name}>
            <a
              class={unreadIn(one) > 0 ? "thread-link unread" : "thread-link"}
              href={hrefOf({ view: "channel", name: one.name })}
            >
              <span class="thread-text">
                <strong>#{one.name}</strong> {one.topic === undefined ? "" : harmlessLine(one.topic, 140)}
                <span class="dim">
                  {one.joined ? "" : "not joined · "}
                  {unreadIn(one) > 0 ? `${unreadIn(one)} unread · ` : ""}
                  {one.members.length === 0 ? "nobody here" : one.members.join(", ")}
                </span>
              </span>
            </a>
          </li>
        ))}
      </ul>
      <button type="button" onClick={() => void joinChannel()}>
        Join or open a channel
      </button>
    </Page>
  );
}
