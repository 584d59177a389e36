// What a person does besides speaking: each is a request and a note of its result.
import type { RequestName } from "@agora/ipc/messages";
import type { Asked } from "./backend.ts";
import { doneWords } from "./control-words.ts";
import { confirm } from "./dialog.tsx";
import { ask } from "./room.ts";
import { toast } from "./toasts.tsx";

/** Makes the request and shows its result. */
export async function act<N extends RequestName>(name: N, args: Asked<N>, done: string): Promise<boolean> {
  const answer = await ask(name, args);
  if (answer.ok) {
    if (done !== "") toast(done);
  } else toast(answer.message, true);
  return answer.ok;
}

type Control = Asked<"control">;

/** An operator's decision, after a confirmation if it is a hard one. */
export async function control(
  args: Control,
  question?: { readonly title: string; readonly text?: string; readonly action: string; readonly asksText?: boolean },
): Promise<void> {
  if (question === undefined) return decide(args);
  const asksText = question.asksText === true;
  const words = await confirm({
    title: question.title,
    ...(question.text === undefined ? {} : { text: question.text }),
    field: { label: asksText ? "What to say" : "Reason (everybody sees it)", needed: asksText },
    action: question.action,
    danger: !asksText,
  });
  if (words === undefined) return;
  const said = asksText ? { text: words } : words === "" ? {} : { reason: words };
  await decide({ ...args, ...said });
}

/** Decides, and says what was done; a pause can be taken back where that is said. */
async function decide(args: Control): Promise<void> {
  const { member, seat } = args;
  const whom = { ...(member === undefined ? {} : { member }), ...(seat === undefined ? {} : { seat }) };
  const answer = await ask("control", args);
  if (!answer.ok) return toast(answer.message, true);
  const undo = args.act === "pause" ? { words: "Undo", run: () => void decide({ act: "resume", ...whom }) } : undefined;
  toast(doneWords(args), false, undo);
}

/** Stops the room, after a confirmation. */
export function stopAll(): void {
  void control(
    { act: "stop" },
    {
      title: "Stop all?",
      text: "Agents are told to end, and nothing is sent until you reset the room.",
      action: "Stop all",
    },
  );
}

/** Removes a member for good, after a confirmation. */
export async function removeMember(
  member: string,
  question: { readonly title: string; readonly text: string; readonly action: string },
): Promise<void> {
  const reason = await confirm({
    ...question,
    field: { label: "Reason (everybody sees it)", needed: false },
    danger: true,
  });
  if (reason === undefined) return;
  await act("remove", { member, ...(reason === "" ? {} : { reason }) }, `${member} is removed.`);
}
