// A session whose server stands in the user's own configuration of the client joins by that alone, at its first use and in any folder.
// Where the person joined or left by a word of their own, that word counts.
import { type CommandContext, startByEntry } from "@agora/commands";
import { type Env, findProject, type Home } from "@agora/user-config";
import type { Clock } from "@agora/ports";
import { fail, harmlessLine, ok, type Result } from "@agora/protocol";
import type { Membership } from "./daemon-line.ts";

/** The user's own entry, by which this server was started. */
export interface Entry {
  /** The client's file. */
  readonly path: string;
  /** The AGORA_ variables that stand there. */
  readonly env: Readonly<Record<string, string>>;
}

export interface EntryJoin {
  /** Joins if this folder is to be joined by the entry; what went wrong is a sentence. Without an entry there is nothing to do. */
  ensure(): Promise<Result<void>>;
}

/** Whether an environment names a relay or a token: only then can it be that of an entry that joins. */
export function namesRoom(env: Env): boolean {
  return ["AGORA_TOKEN", "AGORA_RELAY_URL"].some((name) => env[name]);
}

/** How long a failure counts before it is tried again, milliseconds. */
const AGAIN_AFTER_MS = 30_000;
const MAX_CHARS = 600;

/**
 * Makes the joiner.
 *
 * @param find the user's own entry for a folder
 * @param withContext gives a command's context, as of a person
 */
export function createEntryJoin(options: {
  readonly home: Home;
  readonly membership: Membership;
  readonly dir: () => string;
  readonly find: (dir: string) => Promise<Entry | undefined>;
  readonly clock: Clock;
  readonly withContext: <T>(work: (around: CommandContext) => Promise<T>) => Promise<T>;
}): EntryJoin {
  const { home, membership, clock } = options;
  /** By folder: what becomes of one says nothing of another. */
  const joining = new Map<string, Promise<Result<void>>>();
  /** Folders without an entry: what this process was given does not change. */
  const without = new Set<string>();
  let failed: { readonly dir: string; readonly at: number; readonly result: Result<void> } | undefined;

  const join = async (dir: string): Promise<Result<void>> => {
    const place = findProject(home, dir);
    // A project that is listed has been decided about: also one that its person has stopped.
    if (!place.ok || place.value.project !== undefined) return ok(undefined);
    const entry = without.has(dir) ? undefined : await options.find(dir);
    if (entry === undefined) {
      without.add(dir);
      return ok(undefined);
    }
    const joined = await options.withContext((around) => startByEntry(entry.env, around));
    if (joined.ok) return ok(undefined);
    const why = `Your entry in ${entry.path} did not join: ${joined.message}`;
    return fail(joined.code, harmlessLine(why, MAX_CHARS));
  };

  return {
    async ensure() {
      if (membership.joined()) return ok(undefined);
      const dir = options.dir();
      if (failed?.dir === dir && clock.steady() - failed.at < AGAIN_AFTER_MS) return failed.result;
      const underWay = joining.get(dir) ?? join(dir).finally(() => joining.delete(dir));
      joining.set(dir, underWay);
      const result = await underWay;
      failed = result.ok ? undefined : { dir, at: clock.steady(), result };
      return result;
    },
  };
}
