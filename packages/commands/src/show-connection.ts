// The state of the link to the relay, as one line.
import type { ConnectionState } from "@agora/ipc";
import { harmlessLine } from "@agora/protocol";
import type { Paint } from "./answer.ts";
import { showSpan } from "./show.ts";

/** `lobby at wss://relay.example.org as alice: joined`. */
export function showConnection(connection: ConnectionState, paint: Paint): string {
  const { state, room, relay, name, reason, retryInMs } = connection;
  const why = [
    ...(reason === undefined ? [] : [harmlessLine(reason)]),
    ...(retryInMs === undefined ? [] : [`next try in ${showSpan(retryInMs)}`]),
  ];
  const shown = state === "joined" ? paint.good(state) : paint.bad(state);
  return `${paint.bold(room)} at ${relay} as ${name}: ${shown}${why.length === 0 ? "" : ` (${why.join("; ")})`}`;
}
