// The lobby, for who decides: invites that name nobody, and who asks to be let in.
import { harmlessLine, newId, ok } from "@agora/protocol";
import { interventions } from "../controls/carry-out.ts";
import { controls } from "../controls/feature.ts";
import { inbox } from "../inbox/feature.ts";
import { NOWHERE } from "../kernel/delivery.ts";
import { defineFeature } from "../kernel/feature.ts";
import { lobbySlice } from "./slice.ts";
import { createHandDown } from "./hand-down.ts";
import { createLobbyKeeper, type LobbyKeeper } from "./keeper.ts";
import { admit, invite, invites, readBeyond, revokeInvite } from "./requests.ts";

export const lobby = defineFeature<Pick<LobbyKeeper, "forDevices" | "answer">>({
  name: "lobby",
  slice: lobbySlice,
  start(kernel, use) {
    const operators = use(controls);
    const { revoke } = use(interventions);
    const handDown = createHandDown(kernel, () => operators.operatorGrant());
    const items = use(inbox);
    const notes = {
      add(words: string, key: string): void {
        const id = newId();
        const mine = { from: kernel.me, role: "user", person: true } as const;
        const place = { thread: id, chain: id, hop: 0, position: NOWHERE };
        items.addCard({ id, ...mine, ...place, at: kernel.clock.now(), note: { words, key } });
      },
      done(key: string): void {
        for (const item of Object.values(kernel.store.state.inbox))
          if (item.note?.key === key) items.close(item, "read");
      },
    };
    const keeper = createLobbyKeeper(kernel, handDown, notes, (ids) => operators.isRevoked(ids));
    const context = { kernel, handDown, keeper, revoke };
    return {
      part: keeper,
      requests: {
        invite: (args) => invite(context, args),
        invites({ read }) {
          const all = invites(context);
          if (read === true) readBeyond(context, (key) => notes.done(key));
          return Promise.resolve(ok(all));
        },
        revokeInvite: ({ id }) => revokeInvite(context, id),
        admit: ({ name, refuse }) => admit(context, name, refuse !== true),
      },
      hooks: {
        frame(frame) {
          if (frame.type === "knock") keeper.hear(frame.event);
        },
        notices: () => keeper.sentences(),
        waits: () =>
          invites(context).waiting.map(({ name, at, text = "" }) => ({
            id: name,
            kind: "guest",
            from: name,
            text: harmlessLine(text, 200),
            since: at,
          })),
      },
    };
  },
});
