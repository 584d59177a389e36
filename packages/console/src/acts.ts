// What a person does besides speaking: each is a request and a note of its result.
import type { RequestName } from "@agora/ipc/messages";
import type { Asked } from "./backend.ts";
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
  if (question === undefined) return void (await act("control", args, "Done."));
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
  await act("control", { ...args, ...said }, "Done.");
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
