// This browser as the backend: it is a member of the room itself.
import type { BrowserMember } from "@agora/browser";
import type { RequestName, Results } from "@agora/ipc/messages";
import type { Answer, Backend } from "./backend.ts";

/** The page's requests, carried out by the member; `leave` forgets the credentials. */
export function memberBackend(member: BrowserMember, leave: () => Promise<void>): Backend {
  return {
    kind: "member",
    request: async <N extends RequestName>(name: N, args: object) =>
      (await member.request(name, { ...args })) as Answer<Results[N]>,
    upload(file, progress) {
      progress(1);
      return Promise.resolve(member.upload(file));
    },
    fileUrl: (id) => member.fileUrl(id) ?? "",
    leave,
  };
}
