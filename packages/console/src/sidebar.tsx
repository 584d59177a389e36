// The way around: views with what waits in each, and who is here.
import type { VNode } from "preact";
import { Avatar } from "./avatar.tsx";
import { Icon, type IconName } from "./icon.tsx";
import { link, members, unread, waiting, who } from "./room.ts";
import { hrefOf, route, type View } from "./route.ts";

const PLACES: readonly {
  readonly view: View;
  readonly icon: IconName;
  readonly words: string;
  readonly phone: boolean;
}[] = [
  { view: "room", icon: "room", words: "Room", phone: true },
  { view: "inbox", icon: "inbox", words: "Inbox", phone: true },
  { view: "threads", icon: "threads", words: "Threads", phone: true },
  { view: "people", icon: "people", words: "People", phone: true },
  { view: "flow", icon: "flow", words: "Flow", phone: false },
  { view: "health", icon: "health", words: "Health", phone: false },
  { view: "settings", icon: "settings", words: "Settings", phone: true },
];

function countOf(view: View): number {
  if (view === "inbox") return waiting.value.length;
  return view === "room" ? unread.value : 0;
}

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
                    <span class={view === "inbox" ? "count strong" : "count"}>
                      {count > 999 ? "999+" : count}
                      <span class="visually-hidden">{view === "inbox" ? " waiting" : " unread"}</span>
                    </span>
                  )}
                </a>
              </li>
            );
          })}
        </ul>
      </nav>
      <nav class="direct" aria-labelledby="direct-head">
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
