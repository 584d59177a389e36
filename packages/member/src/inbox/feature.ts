// The inbox: what is addressed to this member waits for its person, or is handed to one of its sessions, by the mode and the
// limits that the person has set.
import type { Mode } from "@agora/home";
import { isUnderstood, ok } from "@agora/protocol";
import { controls } from "../controls/feature.ts";
import { defineFeature } from "../kernel/feature.ts";
import { createInboxDispatcher, type InboxDispatcher } from "./dispatcher.ts";
import type { ReplyLimits } from "./reply-limits.ts";

export interface Inbox extends InboxDispatcher {
  /** What limits automatic replies now. */
  limits(): ReplyLimits & { readonly chainBudget: number };
  setMode(mode: Mode): Promise<void>;
}

export const inbox = defineFeature<Inbox>({
  name: "inbox",
  start(kernel, use) {
    const { settings, options, log, tell, on } = kernel;
    const operators = use(controls);
    let { mode } = settings;
    const limits: Inbox["limits"] = () => ({
      mode,
      hopLimit: settings.hopLimit,
      mentionMaxAgeMs: settings.mentionMaxAgeMs,
      chainBudget: settings.chainBudget,
      held: operators.brake()?.words,
    });
    const dispatcher = createInboxDispatcher({
      ...kernel,
      brakes: limits,
      heldBack: (name) => kernel.hooks.heldBack(name),
      changed: tell.inbox,
    });
    on.controls(() => {
      dispatcher.tick();
      if (operators.brake() === undefined) dispatcher.unpause();
    });
    const setMode = async (next: Mode): Promise<void> => {
      mode = next;
      const saved = await options.keepMode?.(next);
      if (saved?.ok === false) log.warn("mode-not-saved", { message: saved.message });
      dispatcher.tick();
      kernel.factsSoon();
    };
    return {
      part: {
        ...dispatcher,
        limits,
        setMode,
      },
      requests: {
        async mode({ mode: next }) {
          if (next === undefined || next === mode) return ok({ mode, changed: false });
          await setMode(next);
          return ok({ mode: next, changed: true });
        },
      },
      hooks: {
        addressed(item, event) {
          // No model can do anything with what nobody here can read.
          if (isUnderstood(event.head)) dispatcher.add(item, event);
          else dispatcher.addForPerson(item, "this version can't show it"); // [EVENT-11]
          return true;
        },
        facts: () => ({ mode }),
        tick: () => dispatcher.tick(),
      },
    };
  },
});
