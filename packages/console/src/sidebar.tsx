// Navigation: the views with what is waiting in each, and who is here.
import type { VNode } from "preact";
import { Avatar } from "./avatar.tsx";
import { joined, unreadIn, unreadInChannels } from "./channels.ts";
import { Icon, type IconName } from "./icon.tsx";
import { guests } from "./lobby-panel.tsx";
import { link, members, unread, unreadFrom, waiting, waits, who } from "./room.ts";
import { RoomSwitcher } from "./room-switcher.tsx";
import { hrefOf, route, type View } from "./route.ts";

const PLACES: readonly {
  readonly view: View;
  readonly icon: IconName;
  readonly words: string;
  readonly phone: boolean;
}[] = [
  { view: "attention", icon: "attention", words: "Attention", phone: true },
  { view: "room", icon: "room", words: "Room", phone: true },
  { view: "channels", icon: "channels", words: "Channels", phone: true },
  { view: "inbox", icon: "inbox", words: "Inbox", phone: true },
  { view: "questions", icon: "questions", words: "Questions", phone: true },
  { view: "threads", icon: "threads", words: "Threads", phone: true },
  { view: "people", icon: "people", words: "People", phone: true },
  { view: "board", icon: "board", words: "Board", phone: true },
  { view: "flow", icon: "flow", words: "Flow", phone: true },
  { view: "health", icon: "health", words: "Health", phone: true },
  { view: "settings", icon: "settings", words: "Settings", phone: true },
];

function countOf(view: View): number {
  if (view === "attention") return waits.value;
  if (view === "inbox") return waiting.value.filter(({ kind }) => kind !== "question").length;
  if (view === "people") return guests.value;
  if (view === "channels") return unreadInChannels.value;
  if (view === "questions") return waiting.value.filter(({ kind }) => kind === "question").length;
  return view === "room" ? unread.value : 0;
}

/** It counts unread lines, not what is waiting for a decision. */
const isUnread = (view: View): boolean => view === "room" || view === "channels";

export function Sidebar(): VNode {
  const connection = who.value?.connection;
  return (
    <div class="sidebar">
      <header class="room-head">
        <img src="./icon.svg" alt="" width="28" height="28" />
        <div>
          <strong>{who.value?.room ?? "Agora"}</strong>
          <span
            class={`connection ${link.value === "open" && connection?.state === "joined" ? "good" : "bad"}`}
            role="status"
          >
            {link.value !== "open" ? "daemon away" : (connection?.state ?? "…")}
          </span>
        </div>
      </header>
      <RoomSwitcher />
      <nav aria-label="Views">
        <ul class="places">
          {PLACES.map(({ view, icon, words, phone }) => {
            const count = countOf(view);
            return (
              <li class={phone ? "" : "not-phone"}>
                <a href={hrefOf({ view })} aria-current={route.value.view === view ? "page" : undefined}>
                  <Icon name={icon} />
                  <span class="words">{words}</span>
                  {count > 0 && (
                    <span class={isUnread(view) ? "count" : "count strong"}>
                      {count > 999 ? "999+" : count}
                      <span class="visually-hidden">{isUnread(view) ? " unread" : " waiting"}</span>
                    </span>
                  )}
                </a>
              </li>
            );
          })}
        </ul>
      </nav>
      <nav class="direct" aria-label="Channels and people">
        {joined.value.length > 0 && <h2 id="channels-head">Channels</h2>}
        {joined.value.length > 0 && (
          <ul aria-labelledby="channels-head">
            {joined.value.map((one) => (
              <li>
                <a
                  href={hrefOf({ view: "channel", name: one.name })}
                  aria-current={route.value.view === "channel" && route.value.name === one.name ? "page" : undefined}
                >
                  <Icon name="channels" />
                  <span class="words">{one.name}</span>
                  <Unread count={unreadIn(one)} />
                </a>
              </li>
            ))}
          </ul>
        )}
        <h2 id="direct-head">People</h2>
        <ul>
          {members.value
            .toSorted((a, b) => Number(b.online) - Number(a.online) || (a.name < b.name ? -1 : 1))
            .map(({ name, online, you, kind, seats, status }) => (
              <li>
                <a
                  href={hrefOf({ view: "with", name })}
                  aria-current={route.value.view === "with" && route.value.name === name ? "page" : undefined}
                  class={online ? "" : "away"}
                >
                  <Avatar name={name} agent={kind === "agent"} />
                  <span class="words">
                    {name}
                    {you && <span class="dim"> (you)</span>}
                    <span class="visually-hidden">{online ? ", here" : ", away"}</span>
                  </span>
                  <Unread count={unreadFrom.value.get(name) ?? 0} />
                  {seats.some(({ busy }) => busy) && (
                    <span class="working" title={status ?? "working"}>
                      <span class="visually-hidden">working</span>
                    </span>
                  )}
                  <span class={online ? "dot on" : "dot"} aria-hidden="true" />
                </a>
              </li>
            ))}
        </ul>
      </nav>
    </div>
  );
}

function Unread({ count }: { readonly count: number }): VNode | null {
  if (count === 0) return null;
  return (
    <span class="count">
      {count > 999 ? "999+" : count}
      <span class="visually-hidden"> unread</span>
    </span>
  );
}
