// What everybody should know now: an active brake, a lost connection.
import { harmlessLine } from "@agora/protocol";
import type { VNode } from "preact";
import { control, stopAll } from "./acts.ts";
import { LinkAsks } from "./link-asks.tsx";
import { clockWords } from "./time-words.ts";
import { awayBecause, controls, link, mayOperate, who } from "./room.ts";

/** After how long a pause can end by itself, seconds. */
const SPANS = [
  [600, "10 min"],
  [3_600, "1 h"],
] as const;

export function Banners(): VNode | null {
  const { stopped, paused } = controls.value ?? {};
  const connection = who.value?.connection;
  return (
    <div class="banners">
      <LinkAsks />
      {stopped !== undefined && (
        <p class="banner bad" role="alert">
          <span>
            <strong>Stopped</strong> by {stopped.by}
            {stopped.reason !== undefined && `: ${harmlessLine(stopped.reason, 200)}`}. Nothing is sent until it is
            reset.
          </span>
          {mayOperate.value && (
            <button type="button" onClick={() => void control({ act: "reset" })}>
              Reset
            </button>
          )}
        </p>
      )}
      {stopped === undefined && paused !== undefined && (
        <p class="banner wait" role="status">
          <span>
            <strong>Paused</strong> by {paused.by}
            {paused.reason !== undefined && `: ${harmlessLine(paused.reason, 200)}`}. Messages wait
            {paused.until !== undefined && ` until ${clockWords(paused.until)}`}.
          </span>
          {mayOperate.value && (
            <span class="buttons">
              <button type="button" onClick={() => void control({ act: "resume" })}>
                Resume
              </button>
              {paused.until === undefined &&
                SPANS.map(([forS, words]) => (
                  <button key={forS} type="button" onClick={() => void control({ act: "pause", forS })}>
                    End in {words}
                  </button>
                ))}
              <button type="button" class="only-phone" onClick={stopAll}>
                Stop all …
              </button>
            </span>
          )}
        </p>
      )}
      {link.value === "away" && (
        <p class="banner wait" role="status">
          {awayBecause.value === undefined
            ? "The daemon can't be reached: this page goes on trying. If that lasts, run agora console in the project's folder."
            : harmlessLine(awayBecause.value, 200)}
        </p>
      )}
      {link.value === "open" && connection?.state === "refused" && (
        <p class="banner bad" role="alert">
          {harmlessLine(connection.reason ?? "The relay does not let you in.", 300)}
        </p>
      )}
      {link.value === "open" && connection !== undefined && !["joined", "refused"].includes(connection.state) && (
        <p class="banner wait" role="status">
          Not connected to the relay{connection.reason === undefined ? "" : `: ${harmlessLine(connection.reason, 200)}`}
          . What you write is kept and sent later.
        </p>
      )}
    </div>
  );
}
