// The operator's board: one row a session, loops first and red. Rows are chosen by mouse or keyboard, then paused, interrupted
// or spoken to together.
import type { SeatActivity } from "@agora/ipc/messages";
import { harmlessLine } from "@agora/protocol";
import { signal } from "@preact/signals";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { controlMany, sayToMany } from "./board-acts.ts";
import { groupsOf, keyOf, membersOf } from "./board.ts";
import { Page } from "./page.tsx";
import { activity, mayOperate, whoami } from "./room.ts";
import { hrefOf } from "./route.ts";
import { sinceWords } from "./time-words.ts";

/** Rows that are drawn at first, and more with each press of a button. */
const ROWS = 120;
const chosen = signal<ReadonlySet<string>>(new Set());

const STATES: Readonly<Record<SeatActivity["state"], string>> = {
  working: "working",
  permission: "waits for a permission",
  idle: "idle",
  paused: "paused",
  away: "away",
};

export function BoardView(): VNode {
  const [filter, setFilter] = useState("");
  const [byOwner, setByOwner] = useState(false);
  const [most, setMost] = useState(ROWS);
  const { seats, left = 0 } = activity.value;
  const groups = groupsOf(seats, filter, byOwner);
  const found = groups.reduce((sum, { rows }) => sum + rows.length, 0);
  let room = most;
  const shown = groups.flatMap((group) => {
    const rows = group.rows.slice(0, room);
    room -= rows.length;
    return rows.length === 0 ? [] : [{ ...group, rows }];
  });
  return (
    <Page label="Board">
      <div class="board-tools">
        <input
          type="search"
          aria-label="Show only rows with these words"
          placeholder="Filter"
          value={filter}
          onInput={(event) => setFilter(event.currentTarget.value)}
        />
        <label>
          <input type="checkbox" checked={byOwner} onChange={() => setByOwner(!byOwner)} /> By owner
        </label>
        <span class="dim" role="status">
          {found} of {seats.length + left}
        </span>
      </div>
      <Acts seats={seats} />
      {found === 0 ? (
        <div class="empty">
          <h2>{seats.length === 0 ? "Nobody is here" : "No row has these words"}</h2>
          <p>Each session of everybody in the room is a row here.</p>
        </div>
      ) : (
        <table class="board" onKeyDown={fromRowToRow}>
          <thead>
            <tr>
              <th scope="col">Session</th>
              <th scope="col">State</th>
              <th scope="col">Turns in 5 min</th>
              <th scope="col">in 1 h</th>
              <th scope="col">Chain</th>
              <th scope="col">Waits for</th>
              <th scope="col">Queued</th>
              <th scope="col">Doing</th>
              <th scope="col">Mode</th>
              <th scope="col">Since</th>
              <th scope="col">Last sign</th>
            </tr>
          </thead>
          {shown.map(({ owner, rows }) => (
            <tbody key={owner ?? ""}>
              {owner !== undefined && (
                <tr class="board-owner">
                  <th colSpan={11} scope="rowgroup">
                    {owner} <span class="dim">({rows.length})</span>
                  </th>
                </tr>
              )}
              {rows.map((row) => (
                <Row key={keyOf(row)} row={row} />
              ))}
            </tbody>
          ))}
        </table>
      )}
      {found > most && (
        <button type="button" onClick={() => setMost(most + ROWS)}>
          Show {Math.min(ROWS, found - most)} more
        </button>
      )}
    </Page>
  );
}

function Row({ row }: { readonly row: SeatActivity }): VNode {
  const { member, seat, state, status, branch, mode, since, turns, chain, loop, waitsFor = [], queued, lastSign } = row;
  const now = Date.now();
  const key = keyOf(row);
  const name = seat === undefined ? member : `${member}/${seat}`;
  const waits = waitsFor.map((one) => `@${harmlessLine(one, 40)}`).join(" ");
  return (
    <tr class={loop !== undefined ? "looped" : chain?.stopped === true ? "halted" : state}>
      <th scope="row">
        <label>
          <input type="checkbox" checked={chosen.value.has(key)} onChange={() => toggle(key)} /> {name}
        </label>
        {row.you && <span class="tag">you</span>}
        {loop !== undefined && <strong class="bad">Loop: {harmlessLine(loop, 200)}</strong>}
      </th>
      <Cell of="State" text={STATES[state]} />
      <Cell of="Turns in 5 min" text={turns.m5 === 0 ? "" : String(turns.m5)} number />
      <Cell of="Turns in 1 h" text={turns.h1 === 0 ? "" : String(turns.h1)} number />
      <td data-of="Chain" class={chain === undefined ? "none" : "number"}>
        {chain !== undefined &&
          (chain.thread === undefined ? (
            `${chain.turns} of ${chain.limit}`
          ) : (
            <a href={hrefOf({ view: "board", thread: chain.thread })}>
              {chain.turns} of {chain.limit}
            </a>
          ))}
      </td>
      <Cell of="Waits for" text={state === "permission" ? "its person" : waits} />
      <Cell of="Queued" text={queued === 0 ? "" : String(queued)} number />
      <Cell of="Doing" text={[status, branch === undefined ? undefined : `on ${branch}`].filter(Boolean).join(" · ")} />
      <Cell of="Mode" text={mode ?? ""} />
      <Cell of="Since" text={since === undefined ? "" : sinceWords(since, now)} />
      <Cell of="Last sign" text={lastSign === undefined ? "" : sinceWords(lastSign, now)} />
    </tr>
  );
}

function Cell({ of, text, number }: { readonly of: string; readonly text: string; readonly number?: true }): VNode {
  return (
    <td data-of={of} class={text === "" ? "none" : number === true ? "number" : ""}>
      {text}
    </td>
  );
}

/** What can be done with the chosen rows. */
function Acts({ seats }: { readonly seats: readonly SeatActivity[] }): VNode | null {
  const members = membersOf(seats, chosen.value).filter((name) => name !== whoami.value?.name);
  const rows = seats.filter((row) => chosen.value.has(keyOf(row)) && !row.you);
  if (chosen.value.size === 0) return null;
  return (
    <div class="board-acts buttons" role="group" aria-label="With the chosen">
      <span>{chosen.value.size} chosen</span>
      {mayOperate.value && (
        <>
          <button type="button" disabled={members.length === 0} onClick={() => void controlMany("pause", members)}>
            Pause
          </button>
          <button
            type="button"
            disabled={rows.length === 0}
            onClick={() => void controlMany("interrupt", rows.map(nameOf))}
          >
            Interrupt
          </button>
        </>
      )}
      {whoami.value?.grant !== "observer" && (
        <button type="button" disabled={rows.length === 0} onClick={() => void sayToMany(rows.map(nameOf))}>
          Say …
        </button>
      )}
      <button type="button" class="quiet" onClick={() => (chosen.value = new Set())}>
        None
      </button>
    </div>
  );
}

function nameOf({ member, seat }: SeatActivity): string {
  return seat === undefined ? member : `${member}/${seat}`;
}

function toggle(key: string): void {
  const next = new Set(chosen.peek());
  if (!next.delete(key)) next.add(key);
  chosen.value = next;
}

const DOWN: Readonly<Record<string, number>> = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

/** From one row's box to the next. */
function fromRowToRow(event: KeyboardEvent & { readonly currentTarget: HTMLElement }): void {
  const step = DOWN[event.key];
  const { target, currentTarget } = event;
  if (step === undefined || !(target instanceof HTMLInputElement)) return;
  const boxes = [...currentTarget.querySelectorAll<HTMLInputElement>("th input")];
  const next = boxes[boxes.indexOf(target) + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
