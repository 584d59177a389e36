// Search in everything ever said.
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ShownLine } from "./line-book.ts";
import { Message } from "./message.tsx";
import { Page } from "./page.tsx";
import { ask } from "./room.ts";
import { hrefOf } from "./route.ts";
import { dayWords } from "./time-words.ts";
import { announce } from "./toasts.tsx";

const LIMIT = 100;

export function SearchView({ words }: { readonly words: string }): VNode {
  const [found, setFound] = useState<{ readonly lines: readonly ShownLine[]; readonly more: boolean } | undefined>(
    undefined,
  );
  const [failure, setFailure] = useState("");
  useEffect(() => {
    let isOver = false;
    setFound(undefined);
    setFailure("");
    if (words.trim() === "") return;
    void ask("history", { limit: LIMIT, search: words }).then((answer) => {
      if (isOver) return;
      if (!answer.ok) return setFailure(answer.message);
      setFound({ lines: answer.value.lines.toReversed(), more: answer.value.more });
      announce(`${answer.value.lines.length} messages found`);
    });
    return () => {
      isOver = true;
    };
  }, [words]);
  return (
    <Page label="Found messages">
      <h2>
        {found === undefined
          ? `Searching “${words}” …`
          : `${found.lines.length}${found.more ? "+" : ""} with “${words}”`}
      </h2>
      {failure !== "" && <p class="bad">{failure}</p>}
      <ul class="found">
        {found?.lines.map((line) => (
          <li key={line.id}>
            <a class="found-place" href={hrefOf({ view: "search", name: words, thread: line.thread })}>
              {dayWords(line.time, Date.now())} · open thread
            </a>{" "}
            <a class="found-place" href={hrefOf({ view: "at", name: line.id, message: line.id })}>
              in context
            </a>
            <Message line={line} isNext={false} inThread />
          </li>
        ))}
      </ul>
    </Page>
  );
}
