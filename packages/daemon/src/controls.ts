// The operator's hand: pause, stop and bans as this daemon obeys them. A control counts only with a grant of the room's root.
import { verifyGrant } from "@agora/home";
import type { Clock, Log } from "@agora/ports";
import {
  type Control,
  CONTROL,
  controlSchema,
  openEvent,
  type OpenEvent,
  readBody,
  type SealedEvent,
  type Verifier,
} from "@agora/protocol";
import { actInForce, decidedBy, isBanned } from "@agora/room";
import type { Store } from "./store.ts";

export interface Controls {
  /** Checks and adopts a control event. */
  take(event: OpenEvent, control: Control): Promise<void>;
  /** What the relay told when we joined: what was decided while we were away. [JOIN-10] */
  adopt(told: readonly SealedEvent[]): Promise<void>;
  /** Why nothing is handed or woken now; undefined when nothing holds. */
  held(): string | undefined;
  /** Whether an operator has banned this name or key. [CONTROL-7] */
  isBanned(name: string, key: string): boolean;
}

/** Makes the keeper of controls; without the room's root key none is believed. */
export function createControls(options: {
  readonly store: Store;
  readonly verifier: Verifier;
  readonly root: string | undefined;
  readonly room: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly changed: () => void;
}): Controls {
  const { store, root, log } = options;
  const inForce = (what: string, act: string): boolean => actInForce(store.state.controls, what) === act;

  const take = async ({ head, sealed }: OpenEvent, control: Control): Promise<void> => {
    if (root === undefined) return log.warn("control-without-root", { id: head.id });
    const grant = await verifyGrant(root, control.grant, options.clock.now());
    const entitled =
      grant.ok &&
      grant.value.grant === "operator" &&
      grant.value.room === options.room &&
      grant.value.key === head.key && // everybody reads the grant: only its own key may use it [CONTROL-2]
      (grant.value.sub ?? head.author) === head.author;
    if (!entitled) return log.warn("control-refused", { id: head.id, act: control.act });
    const what = decidedBy(control);
    if (what === undefined) return; // a kick is the relay's to carry out
    const { key, time, seq } = head;
    store.in({ op: "control", what, control: { act: control.act, key, time, seq, sealed } });
    options.changed();
  };

  return {
    take,
    async adopt(told) {
      const known = new Set(Object.values(store.state.controls).map((c) => c.sealed.sig));
      for (const sealed of told) {
        const opened = known.has(sealed.sig) ? undefined : openEvent(sealed, options.verifier);
        if (opened?.ok !== true) continue;
        const { head, body } = opened.value;
        const isControl = head.kind === "control" && head.room === options.room && head.body.media === CONTROL;
        const control = isControl ? readBody(controlSchema, body) : undefined;
        if (control !== undefined) await take(opened.value, control);
      }
    },
    held() {
      if (inForce("stop", "stop")) return "an operator stopped the room";
      return inForce("pause", "pause") ? "an operator paused the room" : undefined;
    },
    isBanned: (name, key) => isBanned(store.state.controls, name, key),
  };
}
