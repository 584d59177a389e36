// Healing: two members compare what they have, and give each other what one lacks.
import type { PresentDevice } from "@agora/protocol";
import { card } from "../card/feature.ts";
import { channels } from "../channels/feature.ts";
import { defineFeature } from "../kernel/feature.ts";
import { createOwnDevices } from "../kernel/own-devices.ts";
import { createHealing, type Healing } from "./keeper.ts";
import { peerOf } from "./peers.ts";

/** Statements come a few at a time. */
const RELATED_MS = 500;

export const healing = defineFeature<Healing>({
  name: "healing",
  start(kernel, use) {
    const { me, members, store, persons, clock } = kernel;
    const rounds = use(channels);
    const inRoom = use(card);
    const ownDevices = createOwnDevices(kernel);
    const asPeers = (devices: readonly PresentDevice[]): string[] => devices.map(({ key }) => peerOf(me, key));
    const part = createHealing({
      ...kernel,
      begin: () => store.state.begin,
      history: () => kernel.limits().history,
      enduring: () => kernel.hooks.enduring(),
      channels: rounds,
      standing: () => inRoom.deciding(),
      isHere: (name, key) => members.isHere(name) && (key === undefined || members.device(name, key) !== undefined),
      online: () => [...members.online(), ...asPeers(ownDevices.here())],
      isSame: persons.isSame,
      channelsOf: (key) => members.device(me, key)?.channels ?? [],
    });
    const meetOwn = (): void => {
      for (const peer of asPeers(ownDevices.came())) part.cameBack(peer);
    };

    /** The comings to channels that the room was told of: the past of a channel is asked for as soon as it is, at each coming. */
    let told: ReadonlyMap<string, number> = new Map(rounds.names().map((name) => [name, rounds.comings(name)]));
    const askInChannels = (): void => {
      const now = (members.get(me)?.channels ?? []).filter((name) => rounds.isIn(name));
      // Out and in again may be one line of presence: that a channel stood there before says nothing.
      const came = now.filter((name) => told.get(name) !== rounds.comings(name));
      told = new Map(now.map((name) => [name, rounds.comings(name)]));
      const there = members.online().filter((name) => name !== me && came.some((channel) => rounds.has(channel, name)));
      if (there.length > 0) part.ask(there);
    };
    let isRelated = false;
    /** What was refused from a key before it was known whose it is comes again; once for all statements of a moment. */
    const askAgain = (): void => {
      if (isRelated) return;
      isRelated = true;
      clock.after(RELATED_MS, () => {
        isRelated = false;
        part.ask(members.online().filter((name) => name !== me));
      });
    };
    return {
      part,
      hooks: {
        related: askAgain,
        joined() {
          ownDevices.forget();
          part.joined([...members.online(), ...asPeers(ownDevices.came())]);
        },
        memberBack: ({ name }) => part.cameBack(name),
        presence() {
          askInChannels();
          meetOwn();
        },
        frame(frame) {
          if (frame.type === "heal") part.hear(frame);
        },
        handedOn: (by) => part.progress(by),
        lost: () => part.lost(),
      },
    };
  },
});
