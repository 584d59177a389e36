// `git clean -fdx` in a member's project, again and again under its running daemon, and whether what people find in `.agora`
// comes back.
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const EVERY_MS = 150;
/** How long it may take until all is back, milliseconds: the daemon looks each second, on a machine that has much to do. */
const BACK_WITHIN_MS = 30_000;
const LOOK_MS = 50;
const JOURNALS = ["history.jsonl", "outbox.jsonl", "inbox.jsonl"] as const;

export interface Cleaning {
  /** Stops cleaning and waits until all is back; gives a sentence when it does not come back. */
  end(): Promise<readonly string[]>;
}

/** Makes a project something that git can clean. */
export function makeCleanable(project: string): Promise<unknown> {
  return promisify(execFile)("git", ["init", "--quiet", project]);
}

/** Begins to clean a project. */
export function startCleaning(project: string): Cleaning {
  const ending = new AbortController();
  const clean = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      // It fails when the daemon puts something into the folder that is just being removed: then the next one takes it.
      await promisify(execFile)("git", ["-C", project, "clean", "-fdxq"]).catch(() => undefined);
      await sleep(EVERY_MS);
    }
  };
  const cleaning = clean();
  return {
    async end() {
      ending.abort();
      await cleaning;
      const missing = (): readonly string[] => JOURNALS.filter((name) => !existsSync(join(project, ".agora", name)));
      for (const end = Date.now() + BACK_WITHIN_MS; missing().length > 0 && Date.now() < end;) await sleep(LOOK_MS);
      return missing().map((name) => `${name} did not come back into ${project}/.agora`);
    },
  };
}

/** The journals of which `.agora` shows something else than the newest segment in the memory; for a daemon that has ended. */
export function shownOtherwise(project: string, memory: string): readonly string[] {
  return JOURNALS.filter((name) => {
    const shown = join(project, ".agora", name);
    return !existsSync(shown) || !readFileSync(shown).equals(readFileSync(join(memory, name)));
  });
}
