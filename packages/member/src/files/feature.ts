// Files: offered by an event, sent in chunks to whoever asks, received under a name of ours.
import { channels } from "../channels/feature.ts";
import { defineFeature } from "../kernel/feature.ts";
import { offerOf } from "../kernel/record.ts";
import { createFiles, type RoomFiles } from "./keeper.ts";
import { fileRequests } from "./requests.ts";
import { filesSlice } from "./slice.ts";

export interface MemberFiles extends RoomFiles {
  /** The largest file that may be sent or taken, bytes. */
  readonly maxBytes: () => number;
}

export const files = defineFeature<MemberFiles>({
  name: "files",
  slice: filesSlice,
  start(kernel, use) {
    const { settings, limits, members, pins, world } = kernel;
    const rounds = use(channels);
    const maxBytes = (): number => Math.min(limits().fileBytes, settings.maxFileBytes ?? limits().fileBytes);
    const part = createFiles({
      ...kernel,
      disk: world.files,
      maxBytes,
      chunkBytes: () => limits().chunkBytes,
      isHere: (name) => members.isHere(name),
      isSame: kernel.persons.isSame,
      hasOtherDevices: () => members.get(kernel.me)?.devices !== undefined,
      isInChannel: (channel, name, key) => rounds.has(channel, name) && rounds.removalOf(channel, key) === undefined,
      isKnown(name, key) {
        const pin = pins.pin(name, key);
        return pin !== "changed" && pin !== "full";
      },
    });
    return {
      part: { ...part, maxBytes },
      requests: fileRequests(part),
      hooks: {
        kept({ event, isMine, isPast, record }) {
          // What another device of this person offers lies there: it is fetched by those it was offered to.
          const offer = isMine || record.device === true ? undefined : offerOf(event);
          if (offer !== undefined) part.kept(event, offer, isPast);
        },
        line(line, event) {
          // An event that can't be read as an offer has no file, whatever has its id.
          const file = event === undefined || offerOf(event) === undefined ? undefined : part.stateOf(line.id);
          return file === undefined ? line : { ...line, file };
        },
        frame(frame) {
          if (frame.type === "file") part.step(frame);
          if (frame.type === "refused") part.notPassed(frame);
        },
        chunk: (bytes) => part.chunk(bytes),
        memberBack: ({ name }) => part.cameBack(name),
        tellAgain: (name) => part.cameBack(name),
        lost: () => part.lost(),
        end: () => part.close(),
      },
    };
  },
});
