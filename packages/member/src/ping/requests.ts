// Asking a member's daemon for a sign of life: an event that waits in no inbox, and the receipt that answers it.
import type { RequestArgs, Results } from "@agora/ipc";
import { fail, ok, type Result, TEXT } from "@agora/protocol";
import { roleOf } from "@agora/ipc/messages";
import type { Kernel } from "../kernel/kernel.ts";

/** What these requests use. */
export type Context = Kernel;

const TIMEOUT_MS = 5_000;
const MAX_TIMEOUT_MS = 60_000;

/** Sends a ping and waits for the receipt. */
export async function ping(
  room: Context,
  { via, member: word, timeoutMs }: RequestArgs<"ping">,
): Promise<Result<Results["ping"], "unknown-recipient" | "disk">> {
  const name = word.replace(/^@/, "").toLowerCase();
  const key = room.pins.get(name)?.key;
  if (key === undefined || name === room.me)
    return fail("unknown-recipient", `@${name.slice(0, 40)} is no other member known in this room.`);
  if (!room.members.isHere(name)) return ok({ name, online: false });
  const began = room.clock.steady();
  const to = [{ member: name, key }];
  const event = room.events.make({ role: roleOf(via), kind: "ping", to, body: "", media: TEXT });
  const queued = await room.outbox.queue(event, [name], "ping");
  if (!queued.ok) return queued;
  const heard = await new Promise<boolean>((resolve) => {
    const finish = (answered: boolean): void => {
      off();
      cancel();
      resolve(answered);
    };
    const look = (): void => {
      const state = room.store.state.outbox[event.head.id]?.recipients[name]?.state;
      if (state !== undefined && state !== "queued" && state !== "relayed") finish(true);
    };
    const off = room.on.receipts(look);
    const cancel = room.clock.after(Math.min(timeoutMs ?? TIMEOUT_MS, MAX_TIMEOUT_MS), () => finish(false));
    look();
  });
  return ok({ name, online: true, ...(heard ? { ms: Math.max(0, Math.round(room.clock.steady() - began)) } : {}) });
}
