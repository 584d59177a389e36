// Operators' words that hold: pause, stop, bans and rates as this member obeys them, and by which grant it may say such words
// itself. What such a word does at once stands in carry-out.ts.
import { isUnderstood, type OpenEvent, openGrant } from "@agora/protocol";
import { defineFeature } from "../kernel/feature.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { createControls, type OperatorControls } from "./keeper.ts";
import { findOperatorGrant } from "./operator-grant.ts";

export const controls = defineFeature<OperatorControls>({
  name: "controls",
  start(kernel) {
    const { store, tell, outbox, members } = kernel;
    const keeper = createControls({
      ...kernel,
      grantIdOf: (name, key) => members.grantIdOf(name, key),
      isOperator: (name, key) => kernel.isHereAs(name, key, "operator"),
      changed() {
        applyRate();
        outbox.released();
        tell.controls();
      },
    });
    const applyRate = (): void => {
      const rate = keeper.rate();
      outbox.setRate(rate === undefined ? kernel.limits().rate : { agent: rate, user: rate });
    };
    const { operatorGrant, takeGrant, takeGiven } = createGrants(kernel);
    return {
      part: { ...keeper, operatorGrant, mayControl: () => operatorGrant() !== undefined },
      hooks: {
        banned: (name, key) => keeper.isBanned(name, key),
        withholds(event, heard) {
          const isUnentitled = event.head.kind === "control" && keeper.judge(event) === undefined;
          return isUnentitled ? "no operator's grant" : keeper.withheld(event.head, heard);
        },
        heldBack: (name) => keeper.heldBack(name),
        kept({ event, record, isMine, heard }) {
          if (isMine || record.withheld !== undefined) return;
          if (event.head.kind === "grant") takeGiven(event);
          const control = event.head.kind === "control" ? keeper.judge(event) : undefined;
          if (control !== undefined) keeper.take(event, control, heard?.by === undefined ? record.stamp : undefined);
        },
        restored(event) {
          const control = event.head.kind === "control" ? keeper.judge(event) : undefined;
          if (control !== undefined) keeper.take(event, control);
        },
        joined(_, joined) {
          takeGrant(joined.grantToken);
          keeper.adopt(joined.controls);
          applyRate();
        },
        shown: () => ({
          grant: operatorGrant(),
          controls: Object.values(store.state.controls).map((c) => c.sealed),
        }),
        notices() {
          const brake = keeper.brake();
          return brake === undefined ? [] : [`${brake.words[0]!.toUpperCase()}${brake.words.slice(1)}.`];
        },
      },
    };
  },
});

/** The grant by which this member is an operator: its own as the room's owner, one it was given, or the one it joined with. */
function createGrants(kernel: Kernel): {
  readonly operatorGrant: () => string | undefined;
  readonly takeGrant: (jwt: string | undefined) => void;
  readonly takeGiven: (event: OpenEvent) => void;
} {
  const { store, settings, options, roomTime, verifier, me, myKey, room, log, tell } = kernel;
  const find = (...grants: readonly (string | undefined)[]): string | undefined =>
    findOperatorGrant(grants, { root: kernel.root(), verifier, room, me, myKey, now: roomTime.now() });
  const operatorGrant = (): string | undefined => find(options.owner?.grant, store.state.grant, settings.token);
  return {
    operatorGrant,
    /** What a token of the relay's stands for: kept, if it is good. [GRANT-6] */
    takeGrant(jwt) {
      if (jwt === undefined || jwt === store.state.grant) return;
      const good = find(jwt);
      if (good !== undefined) store.in({ op: "grant", jwt });
    },
    /** A grant that the room's owner gives in the room. */
    takeGiven({ head, body }) {
      const root = kernel.root();
      if (!isUnderstood(head) || root === undefined) return;
      const before = operatorGrant();
      const opened = openGrant(body, root, verifier, roomTime.now());
      const isMine = opened.ok && opened.value.key === myKey && opened.value.grant === "operator";
      if (!isMine || before === body) return log.warn("grant-refused", { id: head.id });
      const { key, seq } = head;
      const { grantBy } = store.state;
      if (grantBy?.key === key && grantBy.seq > seq) return; // an older one that was handed on late
      store.in({ op: "grant", jwt: body, by: { key, seq } }); // [GRANT-8]
      tell.controls();
    },
  };
}
