// What an operator does with several rows of the board at once.
import { harmlessLine } from "@agora/protocol";
import { confirm } from "./dialog.tsx";
import { ask } from "./room.ts";
import { say } from "./say.ts";
import { toast } from "./toasts.tsx";

const MAX_NAMED = 3;

/** `bob, carol and 4 more`. */
function namesOf(whom: readonly string[]): string {
  const named = whom.slice(0, MAX_NAMED).map((name) => harmlessLine(name, 60));
  return whom.length > MAX_NAMED ? `${named.join(", ")} and ${whom.length - MAX_NAMED} more` : named.join(", ");
}

/** Pauses members or interrupts sessions, and says what became of it; a pause can be taken back where that is said. */
export async function controlMany(act: "pause" | "resume" | "interrupt", whom: readonly string[]): Promise<void> {
  const done: string[] = [];
  for (const name of whom) {
    const [member = "", seat] = name.split("/");
    const answer = await ask("control", { act, member, ...(seat === undefined ? {} : { seat }) });
    if (answer.ok) done.push(name);
    else toast(answer.message, true);
  }
  if (done.length === 0) return;
  const what = { pause: "Paused", resume: "Resumed", interrupt: "Interrupted" }[act];
  const undo = act === "pause" ? { words: "Undo", run: () => void controlMany("resume", done) } : undefined;
  toast(`${what} ${namesOf(done)}.`, false, undo);
}

/** Says something to several sessions, which the person writes. */
export async function sayToMany(whom: readonly string[]): Promise<void> {
  const text = await confirm({
    title: `Say to ${namesOf(whom)}`,
    field: { label: "What to say", needed: true },
    action: "Say",
  });
  if (text === undefined) return;
  const answer = await say({ text, to: whom });
  toast(answer.ok ? `Said to ${namesOf(whom)}.` : answer.message, !answer.ok);
}
