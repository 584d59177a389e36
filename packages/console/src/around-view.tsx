// A stretch of what was said long ago: around one message, or from a moment on. It grows at both ends.
import { harmlessLine } from "@agora/protocol";
import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Asked } from "./backend.ts";
import { Feed } from "./feed.tsx";
import { ask } from "./room.ts";
import { hrefOf } from "./route.ts";
import { grown, type Stretch } from "./stretch.ts";

const LINES = 60;

/** `start`: a message's id, or unix milliseconds; another start is another view. */
export function AroundView({ start }: { readonly start: string }): VNode {
  const [stretch, setStretch] = useState<Stretch | undefined>(undefined);
  const [failure, setFailure] = useState("");
  const time = /^\d{9,16}$/.test(start) ? Number(start) : undefined;
  const isLoading = useRef(false);
  const load = async (side: "first" | "before" | "after", what: Omit<Asked<"history">, "limit">): Promise<void> => {
    if (isLoading.current) return; // scrolling asks many times
    isLoading.current = true;
    const answer = await ask("history", { limit: LINES, ...what });
    isLoading.current = false;
    if (answer.ok) setStretch((now) => grown(now, side, answer.value));
    else setFailure(answer.message);
  };
  useEffect(() => {
    void load("first", time === undefined ? { around: start } : { since: time });
  }, []);
  const { lines = [], more = false, newer = false } = stretch ?? {};
  const [first, last] = [lines[0], lines.at(-1)];
  return (
    <div class="talk">
      <div class="around-head">
        <a href={hrefOf({ view: "room" })}>Back to the newest</a>
        {newer && last !== undefined && (
          <button type="button" class="quiet" onClick={() => void load("after", { after: last.id })}>
            Load newer
          </button>
        )}
      </div>
      <Feed
        label="Messages from then"
        lines={lines}
        begins={time === undefined ? undefined : "start"}
        older={more && first !== undefined ? () => load("before", { before: first.id }) : undefined}
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
