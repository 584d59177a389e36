// A stretch of what was said long ago: around one message, or from a moment on. It grows at both ends.
import { harmlessLine } from "@agora/protocol";
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Asked } from "./backend.ts";
import { Feed } from "./feed.tsx";
import type { ShownLine } from "./line-book.ts";
import { compareLines } from "./line-book.ts";
import { ask } from "./room.ts";
import { hrefOf } from "./route.ts";

const LINES = 60;

interface Stretch {
  readonly lines: readonly ShownLine[];
  readonly more: boolean;
  readonly newer: boolean;
}

/** `start`: a message's id, or unix milliseconds. */
export function AroundView({ start }: { readonly start: string }): VNode {
  const [stretch, setStretch] = useState<Stretch | undefined>(undefined);
  const [failure, setFailure] = useState("");
  const time = /^\d{9,16}$/.test(start) ? Number(start) : undefined;
  const load = async (what: Omit<Asked<"history">, "limit">, known: readonly ShownLine[] = []): Promise<void> => {
    const answer = await ask("history", { limit: LINES, ...what });
    if (!answer.ok) return setFailure(answer.message);
    const { lines, more, newer = false } = answer.value;
    const all = new Map([...known, ...lines].map((line) => [line.id, line]));
    setStretch((before) => ({
      lines: [...all.values()].sort(compareLines),
      more: what.after === undefined ? more : (before?.more ?? more),
      newer: what.before === undefined ? newer : (before?.newer ?? newer),
    }));
  };
  useEffect(() => {
    setStretch(undefined);
    setFailure("");
    void load(time === undefined ? { around: start } : { since: time });
  }, [start]);
  const { lines = [], more = false, newer = false } = stretch ?? {};
  const [first, last] = [lines[0], lines.at(-1)];
  return (
    <div class="talk">
      <div class="around-head">
        <a href={hrefOf({ view: "room" })}>Back to the newest</a>
        {newer && last !== undefined && (
          <button type="button" class="quiet" onClick={() => void load({ after: last.id }, lines)}>
            Load newer
          </button>
        )}
      </div>
      <Feed
        key={start}
        label="Messages from then"
        lines={lines}
        begins={time === undefined ? undefined : "start"}
        older={more && first !== undefined ? () => load({ before: first.id }, lines) : undefined}
        empty={
          <div class="empty">
            <p>
              {failure !== ""
                ? harmlessLine(failure, 200)
                : stretch === undefined
                  ? "Loading …"
                  : "Nothing was said from then on."}
            </p>
          </div>
        }
      />
    </div>
  );
}
