// What the hub answers: the one process of a user over all rooms of this machine. Its rows are a table of their own, since a
// member answers none of them.
import * as z from "zod/mini";
import { defineRequest, gives } from "./define-request.ts";
import { personOnlyWords } from "./person-only.ts";
import { text, via } from "./requests/arguments.ts";
import { processRequests } from "./requests/process.ts";

/** A room that a project of this user is in. */
export interface HubRoom {
  /** Its id at the hub, which the console's addresses have. */
  readonly id: string;
  /** The project's folder. */
  readonly project: string;
  readonly room: string;
  /** This member's name there. */
  readonly name: string;
  readonly relay: string;
  /** `here`: its daemon answers; `away`: it doesn't now; `stopped`: the person has left until the next `start`. */
  readonly state: "here" | "away" | "stopped";
  /** How the daemon stands with its relay, as in `status`. */
  readonly connection?: string;
  /** How much waits for the person there. */
  readonly waits: number;
}

export interface RoomsResult {
  readonly rooms: readonly HubRoom[];
}

export interface OpenConsoleResult {
  /** A one-time address that opens it. */
  readonly url: string;
}

export const HUB_REQUESTS = {
  /** Serves the web console and gives an address that opens it at a project's room; for a person only. */
  openConsole: defineRequest({
    args: z.object({ via, project: text }),
    result: gives<OpenConsoleResult>(),
    who: "person",
    refusal: personOnlyWords("console", "terminal"),
  }),
  /** The rooms of this user's projects. */
  rooms: defineRequest({ args: z.object({ via }), result: gives<RoomsResult>(), who: "anyone" }),
  handOver: processRequests.handOver,
} as const;
