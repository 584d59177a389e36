// Delivery states on all devices of who said it: recipients tell each device that is there, and devices tell each other what one of
// them missed. [DEVICE-13]
import { advances, harmlessLine, kindOf, MAX_RECEIPTS, type OpenEvent, type Receipt } from "@agora/protocol";
import { defineFeature } from "../kernel/feature.ts";
import { isNews } from "../kernel/delivery.ts";
import { createRewordRate } from "../kernel/outbox/reword-rate.ts";
import type { Kept } from "../kernel/hooks.ts";
import { createOwnDevices } from "../kernel/own-devices.ts";
import { createEarlyWords } from "./early-words.ts";
import { allSent, deliveriesSlice } from "./slice.ts";

/** How much of it `status` shows. */
const PREVIEW_CHARS = 200;

export const deliveries = defineFeature({
  name: "deliveries",
  slice: deliveriesSlice,
  start(kernel) {
    const { store, me, myKey, members, persons, clock, room, tell, hooks } = kernel;
    const { outbox, sentElsewhere } = store.state;
    const early = createEarlyWords(me, (member) => members.isHere(member));
    const mayReword = createRewordRate(clock);

    const note = (member: string, { id, state, reason, seat, at }: Receipt, from = member): void => {
      const own = Object.hasOwn(outbox, id) ? outbox[id] : sentElsewhere[id];
      const now = own !== undefined && Object.hasOwn(own.recipients, member) ? own.recipients[member] : undefined;
      if (own === undefined || now === undefined || !isNews(now, { state, at })) return;
      const isSame = now.reason === reason && now.seat === seat;
      if (now.gaveUp !== true && !advances(now.state, state) && (isSame || !mayReword(from))) return;
      const more = { ...(reason === undefined ? {} : { reason }), ...(seat === undefined ? {} : { seat }) };
      if (Object.hasOwn(outbox, id)) store.out({ op: "receipt", at, id, member, state, ...more });
      else store.in({ op: "heard-elsewhere", at, id, member, state, ...more });
    };
    const keep = ({ event: { head }, record }: Kept): void => {
      const to = [...new Map(head.to.map((address) => [address.member, address])).values()];
      if (kindOf(head.kind).inbox !== true || to.length === 0 || to.some(({ member }) => member === me)) return;
      const said = { id: head.id, thread: head.thread, role: head.role, at: clock.now(), stamp: record.stamp };
      store.in({
        ...{ op: "sent-elsewhere", ...said, preview: harmlessLine(record.text, PREVIEW_CHARS) },
        to: to.map(({ member, key }) => ({
          member,
          ...(key === undefined ? {} : { key }),
          ...(members.isHere(member) ? {} : { isAway: true as const }),
        })),
      });
      for (const { from, key, word } of early.take(head.id, [me, ...to.map(({ member }) => member)]))
        if (from === me) note(word.member!, word, me);
        else hear(from, key, word);
      tell.receipts();
    };
    /** What a member says of something that another device said. */
    const hear = (from: string, key: string, word: Receipt): void => {
      const meant = Object.hasOwn(sentElsewhere, word.id) ? sentElsewhere[word.id]!.keys[from] : undefined;
      if (meant === undefined || !persons.isSame(from, meant, key)) return; // [DEVICE-8]
      if (hooks.kinship(from, key) !== "former") note(from, word);
    };

    /** What is known here of how far all has come, for a device that was away. */
    const tellDevice = (key: string): void => {
      const items = allSent(store.state)
        .slice(-MAX_RECEIPTS)
        .flatMap(({ id, recipients }) =>
          Object.entries(recipients).flatMap(([member, { state, gaveUp, reason, seat, at }]): Receipt[] =>
            // What is between the author and the relay is the author's; and that it gave up is for it to tell.
            state === "queued" || state === "relayed" || gaveUp === true || Object.hasOwn(recipients, me)
              ? []
              : [
                  {
                    id,
                    member,
                    state,
                    at,
                    ...(reason === undefined ? {} : { reason }),
                    ...(seat === undefined ? {} : { seat }),
                  },
                ],
          ),
        )
        .slice(-MAX_RECEIPTS);
      if (items.length > 0) kernel.link().send({ type: "receipts", room, to: me, key, items });
    };
    const ownDevices = createOwnDevices(kernel);
    const meetOwn = (): void => {
      for (const { key } of ownDevices.came()) tellDevice(key);
    };
    const isOther = ({ head }: Pick<OpenEvent, "head">): boolean => head.author === me && head.key !== myKey;
    return {
      part: undefined,
      hooks: {
        kept(kept) {
          // What was said before this device was there has long come to where it went.
          if (isOther(kept.event) && kept.record.withheld === undefined && !kept.isPast) keep(kept);
        },
        receipts(from, key, items) {
          for (const word of items)
            if (Object.hasOwn(outbox, word.id) || Object.hasOwn(sentElsewhere, word.id)) hear(from, key, word);
            else early.keep({ from, key, word });
        },
        toldByOwnDevice(items) {
          for (const word of items) {
            if (word.member === undefined) continue;
            if (Object.hasOwn(outbox, word.id) || Object.hasOwn(sentElsewhere, word.id)) note(word.member, word, me);
            else early.keep({ from: me, key: myKey, word });
          }
          tell.receipts();
        },
        joined() {
          ownDevices.forget();
          meetOwn();
        },
        presence: meetOwn,
        lost: () => ownDevices.forget(),
      },
    };
  },
});
