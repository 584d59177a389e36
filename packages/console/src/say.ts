// Says what a person wrote here: shown at once, sent until the daemon heard it.
import type { Results } from "@agora/ipc/messages";
import { newId } from "@agora/protocol";
import type { Answer, Asked } from "./backend.ts";
import { addLines, type ShownLine } from "./line-book.ts";
import { ask, book, deliveries, me, whoami } from "./room.ts";

/** What can't be sent within this time is given back to its author. */
const HEARD_WITHIN_MS = 20_000;
const AGAIN_MS = 400;

/**
 * Sends it, and again if the daemon went away meanwhile (a newer one takes over): because of its id it is said only once.
 */
async function askUntilHeard(args: Asked<"say">): Promise<Answer<Results["say"]>> {
  const end = performance.now() + HEARD_WITHIN_MS;
  for (;;) {
    const answer = await ask("say", args);
    const mayHelp = !answer.ok && ["gone", "moved", "timeout"].includes(answer.code);
    if (!mayHelp || performance.now() > end) return answer;
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

/** What a person says here. */
export interface Wish {
  readonly text: string;
  readonly to: readonly string[];
  readonly channel?: string | undefined;
  readonly thread?: string | undefined;
  readonly upload?: string;
}

/** Sends it; it is shown at once. */
export async function say(wish: Wish): Promise<Answer<Results["say"]>> {
  const id = newId();
  const thread = wish.thread ?? id;
  const { name } = whoami.peek() ?? { name: me.peek() };
  const now = Date.now();
  const channel = wish.channel ?? channelOfThread(wish.thread);
  const line: ShownLine = {
    id,
    thread,
    author: name,
    role: "user",
    kind: "message",
    ...(channel === undefined ? {} : { channel }),
    to: wish.to.map((word) => ({ member: word.split("/")[0]! })),
    text: wish.text,
    time: now,
    at: now,
    hop: 0,
    mine: true,
    pending: true,
  };
  const isPlain = wish.upload === undefined;
  if (isPlain) book.value = addLines(book.peek(), [line]);
  const answer = await askUntilHeard({
    id,
    text: wish.text,
    to: [...wish.to],
    ...(wish.thread === undefined ? {} : { thread: wish.thread }),
    ...(wish.channel === undefined ? {} : { channel: wish.channel }),
    ...(isPlain ? {} : { upload: wish.upload }),
  });
  const shown = book.peek().room.find((one) => one.id === id);
  if (!answer.ok) {
    if (isPlain) book.value = { ...book.peek(), room: book.peek().room.filter((one) => one.id !== id) };
  } else if (shown?.pending === true && answer.value.state === "queued") {
    const { pending: _, ...queued } = shown;
    book.value = addLines(book.peek(), [queued]);
  }
  if (answer.ok) deliveries.value = new Map(deliveries.peek()).set(id, answer.value.deliveries);
  return answer;
}

function channelOfThread(thread: string | undefined): string | undefined {
  if (thread === undefined) return undefined;
  const { room, apart } = book.peek();
  return (apart.get(thread) ?? room.find((line) => line.id === thread || line.thread === thread))?.channel;
}
