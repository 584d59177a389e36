// Linking: another device of one's own person knocks by a link, and is let in when the person says that both show the same six words.
import { harmlessLine, ok } from "@agora/protocol";
import { defineFeature } from "../kernel/feature.ts";
import { keys } from "../keys/feature.ts";
import { lobby } from "../lobby/feature.ts";
import { createLinkKeeper } from "./keeper.ts";
import { awaitLink, decideLink, deviceLinks, linkDevice } from "./requests.ts";
import { linkingSlice } from "./slice.ts";

export const linking = defineFeature({
  name: "linking",
  slice: linkingSlice,
  start(kernel, use) {
    const keeper = createLinkKeeper(kernel, use(keys), use(lobby));
    return {
      part: undefined,
      requests: {
        linkDevice: ({ called }) => linkDevice(kernel, keeper, called),
        deviceLinks: () => Promise.resolve(ok(deviceLinks(kernel, keeper))),
        awaitLink: (args, session) => awaitLink(kernel, keeper, args, session),
        decideLink: (args) => decideLink(keeper, args),
      },
      hooks: {
        notices: () => keeper.sentences(),
        waits: () =>
          deviceLinks(kernel, keeper).links.flatMap(({ asking, expires }) =>
            asking.slice(0, 1).map(({ print, name, at }) => ({
              id: print,
              kind: "device",
              from: kernel.me,
              text: harmlessLine(name, 200),
              since: at,
              deadline: expires,
              urgent: true,
            })),
          ),
      },
    };
  },
});
