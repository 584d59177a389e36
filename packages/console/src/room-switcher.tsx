// Leads to the person's other rooms: a list with what waits in each, shown where there is more than one.
import type { VNode } from "preact";
import { harmlessLine } from "@agora/protocol";
import { Icon } from "./icon.tsx";
import { hrefOfRoom, rooms, waitingElsewhere } from "./rooms.ts";

const MAX_NAME = 60;

export function RoomSwitcher(): VNode | null {
  const { here, all } = rooms.value;
  const joined = all.filter(({ id, state }) => state !== "stopped" || id === here);
  if (joined.length < 2) return null;
  return (
    <details class="rooms">
      <summary>
        <Icon name="room" />
        <span class="words">Rooms</span>
        <Waiting count={waitingElsewhere.value} />
      </summary>
      <nav aria-label="Rooms">
        <ul>
          {joined.map(({ id, room, name, project, state, waits }) => (
            <li>
              <a
                href={hrefOfRoom(id)}
                aria-current={id === here ? "page" : undefined}
                title={harmlessLine(project, 300)}
              >
                <span class="words">
                  {harmlessLine(room, MAX_NAME)}
                  <span class="dim">
                    {" "}
                    as {name}, {harmlessLine(folderOf(project), MAX_NAME)}
                    {state === "away" && " (daemon away)"}
                  </span>
                </span>
                <Waiting count={waits} />
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </details>
  );
}

function folderOf(project: string): string {
  return project.split(/[/\\]/).at(-1) ?? project;
}

function Waiting({ count }: { readonly count: number }): VNode | null {
  if (count === 0) return null;
  return (
    <span class="count strong">
      {count > 999 ? "999+" : count}
      <span class="visually-hidden"> waiting</span>
    </span>
  );
}
