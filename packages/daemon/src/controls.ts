// The operator's hand: pause and stop as this daemon obeys them. A control counts only with a grant of the room's root.
import { verifyGrant } from "@agora/home";
import type { Clock, Log } from "@agora/ports";
import type { Control, OpenEvent } from "@agora/protocol";
import type { Store } from "./store.ts";

export interface Controls {
  /** Checks and adopts a control event. */
  take(event: OpenEvent, control: Control): Promise<void>;
  /** Why nothing is handed or woken now; undefined when nothing holds. */
  held(): string | undefined;
}

/** Makes the keeper of controls; without the room's root key none is believed. */
export function createControls(options: {
  readonly store: Store;
  readonly root: string | undefined;
  readonly room: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly changed: () => void;
}): Controls {
  const { store, root, log } = options;
  const inForce = (group: string, act: string): boolean => store.state.controls[group]?.act === act;
  return {
    async take(event, control) {
      if (root === undefined) return log.warn("control-without-root", { id: event.head.id });
      const grant = await verifyGrant(root, control.grant, options.clock.now());
      const entitled =
        grant.ok &&
        grant.value.grant === "operator" &&
        grant.value.room === options.room &&
        grant.value.key === event.head.key && // everybody reads the grant: only its own key may use it [CONTROL-2]
        (grant.value.sub ?? event.head.author) === event.head.author;
      if (!entitled) return log.warn("control-refused", { id: event.head.id, act: control.act });
      const { time, seq } = event.head;
      store.in({
        op: "control",
        group: groupOf(control),
        control: { act: control.act, time, seq, sealed: event.sealed },
      });
      options.changed();
    },
    held() {
      if (inForce("stop", "stop")) return "an operator stopped the room";
      return inForce("pause", "pause") ? "an operator paused the room" : undefined;
    },
  };
}

function groupOf(control: Control): string {
  switch (control.act) {
    case "pause":
    case "resume":
      return "pause";
    case "stop":
    case "reset":
      return "stop";
    case "kick":
      return `kick:${control.member ?? ""}`;
    case "ban":
    case "unban":
      return `ban:${control.key ?? control.member ?? ""}`;
  }
}
