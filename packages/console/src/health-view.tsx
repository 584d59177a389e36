// Whether everything works: the connection, what is waiting, how much is said, the limits in force, and the daemon's
// warnings.
import type { Results } from "@agora/ipc/messages";
import type { Rate } from "@agora/protocol";
import type { ComponentChildren, VNode } from "preact";
import { permissionWords } from "./permission-words.ts";
import { Page } from "./page.tsx";
import {
  activity,
  book,
  chains,
  controls,
  deliveries,
  isMember,
  link,
  reconnects,
  status,
  who,
  waits,
} from "./room.ts";
import { span, SpanSwitch, spanWords } from "./span-switch.tsx";
import { agoWords, sinceWords, sizeWords } from "./time-words.ts";

const MINUTES = 30;

export function HealthView(): VNode {
  const now = status.value;
  const connection = who.value?.connection ?? now?.connection;
  const rate = controls.value?.rate;
  const undelivered = [...deliveries.value.values()]
    .flat()
    .filter(({ state }) => state === "queued" || state === "relayed").length;
  return (
    <Page label="Health">
      <div class="tiles">
        <Tile
          title="Relay"
          tone={connection?.state === "joined" ? "good" : "bad"}
          value={connection?.state ?? "unknown"}
        >
          {connection?.relay}
          {connection?.reason !== undefined && <span class="bad">{connection.reason}</span>}
          {connection?.retryInMs !== undefined && (
            <span>tries again in {Math.ceil(connection.retryInMs / 1000)} s</span>
          )}
        </Tile>
        <Tile title="Reconnects" value={String(reconnects.value)}>
          since this page was opened
        </Tile>
        <Tile title="Waits to be sent" tone={(now?.queued ?? 0) > 0 ? "wait" : "good"} value={String(now?.queued ?? 0)}>
          {undelivered} not yet arrived
        </Tile>
        <Tile title="Attention" value={String(waits.value)}>
          waiting for you
        </Tile>
        {!isMember.value && (
          <Tile title="Automatic turns" value={now === undefined ? "–" : `≤ ${now.hopLimit}`}>
            in a row, in {now?.mode ?? "–"} mode; {chains.value.filter(({ stopped }) => stopped).length} chains stopped
          </Tile>
        )}
        <Tile title="Rate" value={rate === undefined ? "the relay's own" : rateWords(rate)}>
          {rate !== undefined
            ? "for everybody, set by an operator"
            : now?.limits !== undefined &&
              `people ${rateWords(now.limits.rate.user)}; agents ${rateWords(now.limits.rate.agent)}`}
        </Tile>
        {now?.limits !== undefined && (
          <Tile title="Limits" value={`${now.limits.members} members`}>
            texts {sizeWords(now.limits.textBytes)}, files {sizeWords(now.limits.fileBytes)}
          </Tile>
        )}
        <Tile title="This page" tone={link.value === "open" ? "good" : "bad"} value={link.value}>
          {isMember.value ? "it is the member" : "to the own daemon"}
        </Tile>
        <Tile title={isMember.value ? "Version" : "Daemon"} value={now === undefined ? "–" : now.daemon.version}>
          {now !== undefined &&
            `${isMember.value ? "this page" : `pid ${now.daemon.pid}`}, up ${sinceWords(now.daemon.startedAt, Date.now())}`}
        </Tile>
      </div>
      <section class="panel" aria-labelledby="health-said">
        <h2 id="health-said">Said</h2>
        <SpanSwitch name="health" />
        <Said />
      </section>
      <section class="panel" aria-labelledby="health-rate">
        <h2 id="health-rate">Messages a minute</h2>
        <Bars />
      </section>
      {now !== undefined && now.notices.length > 0 && (
        <section class="panel" aria-labelledby="health-notices">
          <h2 id="health-notices">The daemon says</h2>
          <ul>
            {now.notices.map((notice) => (
              <li>{notice}</li>
            ))}
          </ul>
        </section>
      )}
      {now !== undefined && now.seats.length > 0 && <Sessions seats={now.seats} rungs={now.rungs} />}
    </Page>
  );
}

/** How much was said, and how many members said it. */
function Said(): VNode {
  const { pairs, room } = activity.value;
  const members = new Set(pairs.filter(({ messages }) => messages[span.value] > 0).map(({ from }) => from));
  return (
    <p>
      {room.messages[span.value]} messages by {members.size} members in the last {spanWords()}, of these{" "}
      {room.turns[span.value]} by agents on their own.
    </p>
  );
}

function rateWords({ burst, perSecond }: Rate): string {
  return burst === 0 ? "without a limit" : `${burst}, then ${perSecond}/s`;
}

function Tile(props: {
  readonly title: string;
  readonly value: string;
  readonly tone?: "good" | "bad" | "wait";
  readonly children?: ComponentChildren;
}): VNode {
  return (
    <section class={`tile ${props.tone ?? ""}`} aria-label={props.title}>
      <h2>{props.title}</h2>
      <p class="value">{props.value}</p>
      <p class="dim">{props.children}</p>
    </section>
  );
}

function Bars(): VNode {
  const now = Date.now();
  const counts = Array.from({ length: MINUTES }, () => 0);
  for (const { at } of book.value.room) {
    const minute = MINUTES - 1 - Math.floor((now - at) / 60_000);
    if (minute >= 0 && minute < MINUTES) counts[minute]! += 1;
  }
  const most = Math.max(1, ...counts);
  return (
    <svg
      class="bars"
      viewBox={`0 0 ${MINUTES * 10} 60`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`In the last ${MINUTES} minutes: at most ${most === 1 && !counts.includes(1) ? 0 : most} a minute, ${counts.reduce((a, b) => a + b, 0)} in all`}
    >
      {counts.map((count, index) => (
        <rect x={index * 10 + 1} width={8} y={58 - (count / most) * 56} height={2 + (count / most) * 56} rx={1} />
      ))}
    </svg>
  );
}

/** What each of one's own sessions does, whether it can be woken, and by what its model was reached last. */
function Sessions({ seats, rungs: all }: Pick<Results["status"], "seats" | "rungs">): VNode {
  return (
    <section class="panel" aria-labelledby="health-seats">
      <h2 id="health-seats">Your sessions</h2>
      <table class="figures">
        <thead>
          <tr>
            <th scope="col">Session</th>
            <th scope="col">State</th>
            <th scope="col">Can be woken</th>
            <th scope="col">Last sign</th>
          </tr>
        </thead>
        <tbody>
          {seats.map((seat) => {
            const rungs = all.filter((one) => one.seat === seat.seat).sort((a, b) => b.at - a.at);
            return (
              <tr>
                <td>{seat.seat}</td>
                <td>
                  {seat.waiting === true
                    ? permissionWords(seat)
                    : seat.busy
                      ? "working"
                      : seat.connected
                        ? "idle"
                        : "away"}
                </td>
                <td>{seat.reachable ? "yes" : "no"}</td>
                <td>{rungs.length === 0 ? "–" : `${rungs[0]!.rung}, ${agoWords(rungs[0]!.at, Date.now())}`}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
