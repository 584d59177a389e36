// The arguments of every request as schemas: the daemon's side of the edge. Clients use the types only, so that a process
// that starts at every prompt doesn't load a schema library.
import * as z from "zod/mini";
import { VIAS } from "./messages.ts";

const mode = z.enum(["manual", "auto"]);
const text = z.string();
const seconds = z.number().check(z.nonnegative(), z.maximum(86_400));

/** The arguments of every request. `via` is required wherever the answer depends on who asks. */
export const requestSchemas = {
  /** Resolves when joined, or fails with the reason why it is not. */
  ready: z.object({ timeoutMs: z.number() }),
  /** `to`: addresses without `@`, as typed; the leading run of the text was already taken off by the surface. */
  say: z.object({
    via: z.enum(VIAS),
    text,
    to: z.array(text),
    thread: z.optional(text),
    file: z.optional(text),
    /** Speak as the agent although a person typed it (`--role agent`); never the other way round. */
    asAgent: z.optional(z.boolean()),
    /** The event's id, chosen by the caller so that asking twice says it once. */
    id: z.optional(text),
  }),
  who: z.object({}),
  whoami: z.object({}),
  inbox: z.object({ via: z.enum(VIAS) }),
  /** `thread` may be any unique prefix of an id, here and below; "last" means the newest open inbox item. */
  accept: z.object({ via: z.enum(VIAS), thread: text, extra: z.optional(text) }),
  reject: z.object({ via: z.enum(VIAS), thread: text, reason: z.optional(text) }),
  append: z.object({ via: z.enum(VIAS), thread: text, text }),
  mode: z.object({ via: z.enum(VIAS), mode: z.optional(mode) }),
  history: z.object({ limit: z.int(), with: z.optional(text), thread: z.optional(text), search: z.optional(text) }),
  status: z.object({ id: z.optional(text) }),
  /** Blocks until something addresses this member (or the asking seat), or the time is over. Peeks: nothing is handed. */
  wait: z.object({ via: z.enum(VIAS), timeoutS: seconds }),
  /** Subscribes this connection to `line` pushes: history lines as they arrive. */
  watch: z.object({}),
  /** Repins a member's key: a person's word only. */
  trust: z.object({ via: z.enum(VIAS), name: text }),
  /** Leaves the room and ends the daemon. */
  stop: z.object({ via: z.enum(VIAS) }),
  /** A successor of this version asks for the place; `again`: also one of the same version. Never changes with `v`. */
  handOver: z.object({ version: text, again: z.boolean() }),

  /** Binds this connection to the seat of a client session; the same session always gets the same seat. */
  attach: z.object({ client: z.string(), session: text, pid: z.int() }),
  /** The session id changed in the same process (`/clear`): the seat goes on under the new id. */
  resession: z.object({ session: text }),
  /** A turn begins. `typed` false: a wake-up, not a person. Gives what the seat has not seen. */
  prompt: z.object({ typed: z.boolean() }),
  /** The model used a tool: what was handed is seen. Gives what came in mid-turn. */
  sign: z.object({ deliver: z.boolean() }),
  /** The turn wants to end. Gives the outstanding mention that keeps it going in auto mode. */
  turnEnd: z.object({
    /** It went on so often without the person that it ends now: what is outstanding falls to the inbox. */
    last: z.optional(z.boolean()),
  }),
  /** The session ended; its leases go back. */
  detach: z.object({ session: text }),
  /** Asked by a short-lived hook process for a session: primer facts and what is waiting. */
  sessionStart: z.object({ client: z.string(), session: text, source: z.string() }),
  /** Held open by a waiter; resolves when that session shall be woken. */
  awaitWake: z.object({ session: text }),
} as const;
