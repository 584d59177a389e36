// The inbox: what is addressed to this member waits for its person, or is handed to one of its sessions, by the mode and the
// limits that the person has set.
import type { Mode } from "@agora/user-config";
import { isUnderstood, ok, type PresentDevice } from "@agora/protocol";
import { channels } from "../channels/feature.ts";
import { controls } from "../controls/feature.ts";
import { defineFeature } from "../kernel/feature.ts";
import { itemOf } from "../kernel/keeping.ts";
import { devicesIn } from "../kernel/members.ts";
import type { Item } from "./fold.ts";
import { wakingDevice } from "./waking-device.ts";
import { createInboxDispatcher } from "./dispatcher.ts";
import type { InboxDispatcher } from "./inbox-dispatcher.ts";
import type { ReplyLimits } from "./reply-limits.ts";
import { allow, allowed, modeAt as modeAtPlace, placesOf } from "./rule-requests.ts";
import { mayOf, modeAt } from "./rules-fold.ts";
import { inboxSlice } from "./slice.ts";

/** Why an item was closed whose key was revoked after it came. */
const REVOKED = "its key was revoked";

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
      isWaking: (item) => isWaking(item),
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
    /** This person's devices, as the relay told last; one that was not yet told of to the others hands nothing over. */
    const ownDevices = (): readonly PresentDevice[] => {
      const line = kernel.members.get(me);
      return line === undefined ? [] : devicesIn(line).filter(({ key }) => kernel.persons.isOurs(key));
    };
    let isTold = false;
    const isWaking = (item: Item): boolean => {
      const devices = ownDevices();
      return devices.length < 2 || (isTold && wakingDevice(devices, item) === kernel.myKey);
    };
    let before = "";
    const devicesChanged = (): void => {
      const now = JSON.stringify(ownDevices().map(({ key, since, facts }) => [key, since, facts?.mode, facts?.seats]));
      if (now === before) return;
      before = now;
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
        addressed(item, event, how) {
          if (how?.byOwnDevice === true) dispatcher.addFromOther(item);
          // No model can do anything with what nobody here can read.
          else if (isUnderstood(event.head)) dispatcher.add(item, event);
          else dispatcher.addForPerson(item, "this version can't show it"); // [EVENT-11]
          return true;
        },
        disowned({ head }) {
          const item = kernel.store.state.inbox[head.id];
          if (item !== undefined && item.key === head.key) dispatcher.close(item, "rejected", REVOKED);
        },
        ownedAgain({ event, record, position }) {
          const { id } = event.head;
          const { given, inbox: items } = kernel.store.state;
          if (given[id]?.receipt.reason !== REVOKED || Object.hasOwn(items, id)) return;
          kernel.hooks.addressed({ ...itemOf(event, record.at, position), key: event.head.key }, event);
        },
        kept({ event: { head }, record }) {
          if (record.device === true && head.about?.how === "answers")
            dispatcher.takenByOther(head.about.id, "answered");
        },
        toldByOwnDevice(receipts) {
          for (const { id, state, member } of receipts)
            if (member !== undefined) continue; // of what this person said itself
            else if (state === "answered" || state === "rejected") dispatcher.takenByOther(id, state);
            else if (state === "handed" || state === "seen") dispatcher.takenByOther(id, "handed");
        },
        joined: () => void (isTold = false),
        presence() {
          isTold ||= ownDevices().some(({ key }) => key === kernel.myKey);
          devicesChanged();
        },
        facts: () => ({ mode }),
        tick: () => dispatcher.tick(),
      },
    };
  },
});
