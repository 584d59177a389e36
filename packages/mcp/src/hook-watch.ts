// Notices whether the client's hooks reach this session, and records it. A client version we don't know yet may run none of
// our hooks, or use a form we don't accept: then nothing typed is carried out and nothing of the room is shown, and only
// what still works can report it.
import type { HookSign } from "@agora/user-config";
import type { Clock } from "@agora/ports";
import type { Membership } from "./daemon-line.ts";

export interface HookWatchParts {
  /** How a person types a command in this client. */
  readonly prefix: string;
  readonly membership: Membership;
  readonly clock: Clock;
  /** Records a sign; never throws. */
  readonly note: (version: string, sign: HookSign, at: number) => Promise<unknown>;
}

export interface HookWatch extends AsyncDisposable {
  /** The client introduced itself with name and version. */
  opened(client: { readonly title: string; readonly version: string }): void;
  /** A hook arrived. */
  arrived(): void;
  /** Somebody called the hook entry and wasn't recognized as a hook; once hooks arrive, it was none. */
  refused(): void;
  /** A hook has arrived in this session. */
  readonly hooked: boolean;
  /**
   * The model calls a tool. Returns, once, what to tell it if no hook came before: a turn's hooks precede its first call.
   */
  called(): string | undefined;
}

/** Creates the watch for one session. */
export function createHookWatch({ prefix, membership, clock, note }: HookWatchParts): HookWatch {
  let client = { title: "the client", version: "" };
  let hooked = false;
  const noted = new Set<HookSign>();
  let writing: Promise<unknown> = Promise.resolve();

  // Each sign once per session: a project that never joined leaves no trace, and no hook waits for a disk.
  const write = (sign: HookSign): void => {
    if (client.version === "" || noted.has(sign) || !membership.joined()) return;
    noted.add(sign);
    const at = clock.now();
    writing = writing.then(() => note(client.version, sign, at));
  };

  return {
    opened(named) {
      client = named;
      write("opened");
    },
    arrived() {
      hooked = true;
      write("arrived");
    },
    refused() {
      if (!hooked) write("refused");
    },
    get hooked() {
      return hooked;
    },
    called() {
      if (hooked || noted.has("missed")) return undefined;
      write("missed");
      if (!noted.has("missed")) return undefined;
      const name = `${client.title} ${client.version}`;
      return `No hook of Agora has reached this session of ${name}: what the user types as ${prefix}… is not carried out, and what the room says is shown by poll alone. The user does not see this; "agora doctor" in a terminal tells why.`;
    },
    async [Symbol.asyncDispose]() {
      await writing;
    },
  };
}
