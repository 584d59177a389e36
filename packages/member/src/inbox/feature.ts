// The inbox: what is addressed to this member waits for its person, or is handed to one of its sessions, by the mode and the
// limits that the person has set.
import type { Mode } from "@agora/home";
import { isUnderstood, ok } from "@agora/protocol";
import { channels } from "../channels/feature.ts";
import { controls } from "../controls/feature.ts";
import { defineFeature } from "../kernel/feature.ts";
import { createInboxDispatcher, type InboxDispatcher } from "./dispatcher.ts";
import type { ReplyLimits } from "./reply-limits.ts";
import { allow, allowed, modeAt as modeAtPlace, placesOf } from "./rule-requests.ts";
import { mayOf, modeAt } from "./rules-fold.ts";
import { inboxSlice } from "./slice.ts";

/** Who may wake an agent here, and where another mode than the general one holds. */
export type Rules = { readonly allow: ReturnType<typeof allowed>; readonly places: ReturnType<typeof placesOf> };

export interface Inbox extends InboxDispatcher {
  /** What limits automatic replies now. */
  limits(): ReplyLimits & { readonly chainBudget: number };
  setMode(mode: Mode): Promise<void>;
  /** Whether a member may wake an agent here. */
  mayWake(name: string): boolean;
  /** The person's rules, as they are shown. */
  rules(): Rules;
}

export const inbox = defineFeature<Inbox>({
  name: "inbox",
  slice: inboxSlice,
  start(kernel, use) {
    const { settings, options, log, tell, on, store, me } = kernel;
    const { replyRules } = store.state;
    const operators = use(controls);
    let { mode } = settings;
    const limits: Inbox["limits"] = () => ({
      mode,
      hopLimit: settings.hopLimit,
      mentionMaxAgeMs: settings.mentionMaxAgeMs,
      chainBudget: settings.chainBudget,
      held: operators.brake()?.words,
    });
    const mayWake = (name: string): boolean => name === me || mayOf(replyRules, name) === "wake";
    const dispatcher = createInboxDispatcher({
      ...kernel,
      brakes: limits,
      modeFor: (item) => modeAt(replyRules, item, mode),
      mayWake,
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
    const changed = (): void => {
      dispatcher.tick();
      tell.inbox();
    };
    const context = { ...kernel, channels: use(channels), changed };
    return {
      part: {
        ...dispatcher,
        limits,
        setMode,
        mayWake,
        rules: () => ({ allow: allowed(replyRules), places: placesOf(replyRules) }),
      },
      requests: {
        async mode({ mode: next }) {
          const places = placesOf(replyRules);
          if (next === undefined || next === mode) return ok({ mode, changed: false, places });
          await setMode(next);
          return ok({ mode: next, changed: true, places });
        },
        allow: (args) => Promise.resolve(allow(context, args)),
        modeAt: (args) => Promise.resolve(modeAtPlace(context, args)),
      },
      hooks: {
        addressed(item, event) {
          // No model can do anything with what nobody here can read.
          if (isUnderstood(event.head)) dispatcher.add(item, event);
          else dispatcher.addForPerson(item, "this version can't show it"); // [EVENT-11]
          return true;
        },
        disowned({ head }) {
          const item = kernel.store.state.inbox[head.id];
          if (item !== undefined && item.key === head.key) dispatcher.close(item, "rejected", "its key was revoked");
        },
        facts: () => ({ mode }),
        tick: () => dispatcher.tick(),
      },
    };
  },
});
