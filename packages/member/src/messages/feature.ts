// Messages: saying, reading and answering, and what a person does with what waits in the inbox.
import type { Session } from "@agora/ipc";
import { newId, ok } from "@agora/protocol";
import { chains } from "../chains/feature.ts";
import { channels } from "../channels/feature.ts";
import { controls } from "../controls/feature.ts";
import { files } from "../files/feature.ts";
import { inbox } from "../inbox/feature.ts";
import { defineFeature } from "../kernel/feature.ts";
import { questions } from "../questions/feature.ts";
import { seats } from "../seats/feature.ts";
import type { Context } from "./context.ts";
import { history } from "./history.ts";
import { accept, inbox as inboxOf } from "./inbox.ts";
import { append, say } from "./say.ts";
import { reject } from "./reject.ts";
import { ownState } from "../own-state/feature.ts";
import { unread } from "./unread.ts";
import { wait } from "./wait.ts";
import { waitingItems } from "./waiting-items.ts";
import { watch } from "./watch.ts";

/** Files of which a session is told how far they are: the latest it said. */
const MAX_FOLLOWED = 20;

export const messages = defineFeature({
  name: "messages",
  start(kernel, use) {
    const sessions = use(seats);
    const offers = use(files);
    const context: Context = {
      ...kernel,
      chains: use(chains),
      channels: use(channels),
      controls: use(controls),
      files: offers,
      inbox: use(inbox),
      questions: use(questions),
      seats: sessions,
    };
    const marks = use(ownState);
    const followed = new WeakMap<Session, Set<string>>();
    /** Tells a session how far a file is that it says. */
    const tellFile = (id: string, session: Session): void => {
      const ids = followed.get(session) ?? new Set();
      ids.add(id);
      if (ids.size > MAX_FOLLOWED) ids.delete(ids.values().next().value!);
      if (followed.has(session)) return;
      followed.set(session, ids);
      session.onClose(offers.onProgress((file) => ids.has(file.id) && session.push({ push: "file", file })));
    };
    return {
      part: undefined,
      hooks: { waits: () => waitingItems(context) },
      requests: {
        async say(args, session) {
          const id = args.id ?? newId();
          if (args.file !== undefined) tellFile(id, session);
          return say(context, { ...args, id }, sessions.of(session));
        },
        append: (args, session) => append(context, args, sessions.of(session)),
        reject: (args, session) => reject(context, args, sessions.of(session)),
        accept: async (args, session) => accept(context, args, sessions.of(session)),
        inbox: (args) => Promise.resolve(ok(inboxOf(context, args))),
        history: (args) => history(context, args),
        unread: () => Promise.resolve(ok(unread(context, marks.reads()))),
        wait: async (args, session) => ok(await wait(context, args, sessions.of(session), (fn) => session.onClose(fn))),
        watch: (args, session) => Promise.resolve(ok(watch(context, args, session))),
      },
    };
  },
});
