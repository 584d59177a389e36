// A room that is let go while its daemon is being dialled: nothing stays connected, or the hub's process would stay with it.
import { openServer } from "@agora/ipc";
import { systemClock } from "@agora/ports";
import { memoryLog } from "@agora/ports/testing";
import { expect, test } from "vitest";
import { until } from "../../../test/wait-until.ts";
import { plainHandlers } from "../../ipc/test/plain-handlers.ts";
import { scratchHome } from "../../ipc/test/scratch-home.ts";
import { WatchedRoom } from "./watched-room.ts";

test("a room that was let go is not connected afterwards, and may be looked at again", async () => {
  const at = await scratchHome();
  const version = "0.1.0";
  const opened = await openServer({ ...at, version, handlers: plainHandlers(), log: memoryLog(), clock: systemClock });
  if (!opened.ok) throw new Error(opened.message);
  await using server = opened.value;
  const project = { path: at.project, room: "lobby", name: "alice", relay: "ws://relay.test", joined: true };
  const room = new WatchedRoom(at.home, version, project as never, () => undefined);
  const looking = room.look();
  room.close();
  await looking;
  expect(room.facts.state).toBe("away");
  await until("nobody is connected", () => server.sessions === 0);
  await room.look();
  expect(room.facts.state).toBe("here");
  room.close();
});
