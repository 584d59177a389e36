// What differs when the member is just a person: no agent answers automatically, nothing is handed to a session, and an
// operator uses the console of their own daemon, because this page comes from whoever serves it.
import type { Room } from "@agora/member";
import type { Handlers } from "@agora/ipc";
import { fail, ok } from "@agora/protocol";

const NO_AGENT = fail("not-allowed", "Nobody answers by itself here: automatic mode is for a project's own daemon.");
const NOT_HERE = fail("not-allowed", "Operators act in the console of their own daemon: `agora console` opens it.");

/** A room's handlers for a person in a browser. */
export function personsHandlers(room: Room, handlers: Handlers): Handlers {
  return {
    ...handlers,
    async mode(args, session) {
      return args.mode === "auto" ? NO_AGENT : handlers.mode(args, session);
    },
    /** The person takes it on: its author is told that it was seen, and it waits here for the answer. */
    async accept(args, session) {
      const accepted = await handlers.accept(args, session);
      const item = accepted.ok ? room.store.state.inbox[accepted.value.item.id] : undefined;
      if (item !== undefined && item.seen !== true) room.inbox.seen(item);
      return accepted;
    },
    control: () => Promise.resolve(NOT_HERE),
    grant: () => Promise.resolve(NOT_HERE),
    linkDevice: () => Promise.resolve(NOT_HERE),
    decideLink: () => Promise.resolve(NOT_HERE),
    async controls(args, session) {
      const controls = await handlers.controls(args, session);
      return controls.ok ? ok({ ...controls.value, operator: false, owner: false }) : controls;
    },
  };
}
