// What an operator's word does at once, here: it ends the turns of a session, or asks something of one.
import { type Control, ok, type OpenEvent, stampParts } from "@agora/protocol";
import { inbox } from "../inbox/feature.ts";
import { defineFeature } from "../kernel/feature.ts";
import type { Heard } from "../kernel/hooks.ts";
import { itemOf } from "../kernel/keeping.ts";
import { seats } from "../seats/feature.ts";
import { controls } from "./feature.ts";
import { createEnds } from "./ends.ts";
import { appoint, grant } from "./appoint.ts";
import { control, controlsOf, type Obey } from "./requests.ts";
import { remove, revoke } from "./revoke.ts";

/** An interruption that comes later than this meets another turn than the one it was meant for. */
const AT_ONCE_MS = 60_000;
/** Own controls remembered as carried out: one is obeyed when it is said and comes back with its stamp soon. */
const MAX_OBEYED = 1_000;

/** What later features use of it. */
interface Interventions {
  readonly obey: Obey;
  /** Takes grants back, for everybody. */
  readonly revoke: (ids: readonly string[]) => ReturnType<typeof revoke>;
}

export const interventions = defineFeature<Interventions>({
  name: "interventions",
  start(kernel, use) {
    const { me, myKey, clock, roomTime } = kernel;
    const keeper = use(controls);
    const items = use(inbox);
    const sessions = use(seats);
    const obeyed = new Set<string>();

    const carryOut = ({ head }: OpenEvent, { act, member, key, seat }: Control): void => {
      const isMe = key === undefined ? member === me : key === myKey;
      if (act !== "interrupt" || !isMe) return;
      const ended = sessions.interrupt(
        seat,
        `an operator (@${head.author}) interrupted this session: its automatic turns ended`,
      );
      items.interrupt(ended, "an operator interrupted the session");
      kernel.factsSoon();
    };
    const obey: Obey = (event, control, stamp) => {
      keeper.take(event, control, stamp);
      if (obeyed.has(event.head.id)) return;
      obeyed.add(event.head.id);
      if (obeyed.size > MAX_OBEYED) obeyed.delete(obeyed.values().next().value!);
      carryOut(event, control);
    };
    /** What was to happen at once, and is heard of long after, is over: by the relay's stamp and clock. [CONTROL-13] */
    const isAtOnce = ({ head }: OpenEvent, { stamp, late, by }: Heard): boolean => {
      if (late !== true && by === undefined) return true;
      // What another hands on could have any place.
      const isPlaced = by === undefined || by === head.author;
      return isPlaced && roomTime.now() - stampParts(stamp)[0] < AT_ONCE_MS;
    };
    const context = { ...kernel, controls: keeper, obey };
    const endsNow = createEnds(myKey);
    /** What was to end and is past its time is taken back, in the name of the operator here. [CONTROL-18] */
    const endWhatIsOver = (): void => {
      // Until the relay was heard, the room's time is a guess of this machine's clock.
      if (!keeper.mayControl() || kernel.connection().state !== "joined") return;
      for (const { act, whom } of endsNow(kernel.store.state.controls, roomTime.now())) {
        kernel.log.info("control-ends", { act });
        void control(context, { via: "console", act }, whom).then((answer) => {
          if (!answer.ok) kernel.log.warn("control-ends", { act, message: answer.message });
        });
      }
    };
    return {
      part: { obey, revoke: (ids) => revoke(context, ids) },
      requests: {
        control: (args) => control(context, args),
        remove: (args) => remove(context, args),
        controls: () => Promise.resolve(ok(controlsOf(context))),
        grant: (args) => grant(context, args),
        appoint: (args) => appoint(context, args),
      },
      hooks: {
        tick: endWhatIsOver,
        kept({ event, record, position, isMine, heard }) {
          if (event.head.kind !== "control" || record.withheld !== undefined) return;
          const control = keeper.judge(event);
          if (control === undefined) return;
          if (isMine) return obey(event, control, record.stamp);
          if (heard !== undefined && isAtOnce(event, heard)) carryOut(event, control);
          if (control.act !== "inject" || control.key !== myKey) return;
          // What an operator says to this member is asked of it.
          const item = itemOf(event, clock.now(), position);
          items.add(control.seat === undefined ? item : { ...item, seat: control.seat }, event);
        },
      },
    };
  },
});
