// `agora room create NAME`: creates the key pair that owns a room, and says what its relay must know about it.
import { viaOfShell } from "@agora/commands";
import { createRoomRoot, findHome } from "@agora/user-config";
import { personOnly } from "@agora/ipc/person-only";
import { fail, isRoomName } from "@agora/protocol";
import { type ExitCode, print, printFailure, printJson, type Start } from "../terminal.ts";

/** Creates the root key pair of `room`, or shows the existing one. */
export async function roomCreate(start: Start, room: string, json: boolean): Promise<ExitCode> {
  if (viaOfShell(start.env) === "shell") return printFailure(personOnly("Making a room", "terminal"), json);
  if (!isRoomName(room)) {
    return printFailure(
      fail("usage", 'A room\'s name is 1 to 64 of a-z, 0-9, ".", "-" and "_", beginning with a letter or digit.'),
      json,
    );
  }
  const root = await createRoomRoot(findHome(start.env), room);
  if (!root.ok) return printFailure(root, json);
  const { key, created } = root.value;
  const line = `AGORA_ROOM_KEYS=${room}=${key}`;
  if (json) printJson({ room, key, created, relay: line });
  else {
    print(
      created
        ? `The room ${room} is yours: its root key pair was made and stays on this machine.`
        : `The room ${room} was yours already.`,
      "The relay has to know the public half. Its configuration line:",
      `  ${line}`,
      `Then: agora invite NAME --room ${room} --relay URL`,
    );
  }
  return 0;
}
