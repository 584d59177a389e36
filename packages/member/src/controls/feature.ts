// Operators' words that hold: pause, stop, bans and rates as this member obeys them, and by which grant it may say such words
// itself. What such a word does at once stands in carry-out.ts.
import { decidedBy, FIRST_STAMP, isLaterControl, type OpenEvent } from "@agora/protocol";
import { defineFeature } from "../kernel/feature.ts";
import { forgottenUpTo } from "../kernel/given.ts";
import { controlOf, type HistoryRecord } from "../kernel/record.ts";
import { keptLately } from "./kept-lately.ts";
import { createControls, type OperatorControls } from "./keeper.ts";
import { createOwnGrants } from "./own-grants.ts";
import { controlsSlice } from "./slice.ts";

export const controls = defineFeature<OperatorControls>({
  name: "controls",
  slice: controlsSlice,
  start(kernel) {
    const { store, tell, outbox, members, me } = kernel;
    const isRefused = (event: OpenEvent): boolean => kernel.hooks.refuses(event, { stamp: FIRST_STAMP }) !== undefined;
    const keeper = createControls({
      ...kernel,
      grantIdOf: (name, key) => members.grantIdOf(name, key),
      isRefused,
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
    const grants = createOwnGrants(kernel, (ids) => keeper.isRevoked(ids));
    const catchUp = (event: OpenEvent, { late, stamp }: HistoryRecord): void => {
      const said = controlOf(event);
      const what = said === undefined ? undefined : decidedBy(said);
      if (what === undefined) return; // done at once by whom it concerns
      const known = store.state.controls[`${what} ${event.head.key}`];
      const control = known === undefined || isLaterControl(event.head, known) ? keeper.judge(event) : undefined;
      if (control !== undefined) keeper.take(event, control, late === true ? undefined : stamp);
    };
    /** What was kept and never got to where it counts, because the daemon died, or the power failed, in between. */
    const reconcile = (): void => {
      const { given } = store.state;
      const forgotten = forgottenUpTo(given);
      for (const { event, record } of keptLately(store, ["grant", "control"])) {
        if (event.head.kind === "control") catchUp(event, record);
        // Whoever gave it was told after it was taken.
        else if (record.author !== me && given[record.id] === undefined && record.at > forgotten && !isRefused(event))
          grants.takeGiven(event);
      }
    };
    const operatorGrant = (): string | undefined => grants.grantFor("control");
    return {
      part: { ...keeper, grantFor: grants.grantFor, operatorGrant, mayControl: () => operatorGrant() !== undefined },
      hooks: {
        begin: reconcile,
        banned: (name, key) => keeper.isBanned(name, key),
        withholds(event, heard) {
          const isUnentitled = event.head.kind === "control" && keeper.judge(event) === undefined;
          return isUnentitled ? "no operator's grant" : keeper.withheld(event.head, heard);
        },
        heldBack: (name) => keeper.heldBack(name),
        kept({ event, record, isMine, heard }) {
          if (isMine || record.withheld !== undefined) return;
          if (event.head.kind === "grant") grants.takeGiven(event);
          const control = event.head.kind === "control" ? keeper.judge(event) : undefined;
          if (control !== undefined) keeper.take(event, control, heard?.by === undefined ? record.stamp : undefined);
        },
        restored(event) {
          const control = event.head.kind === "control" ? keeper.judge(event) : undefined;
          if (control !== undefined) keeper.take(event, control);
        },
        joined(_, joined) {
          grants.takeGrant(joined.grantToken);
          keeper.adopt(joined.controls);
          applyRate();
        },
        disowned: (event) => keeper.disown(event),
        shown: () => ({
          grant: grants.shown(),
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
