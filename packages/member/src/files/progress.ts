// Words on how far files are, for whoever watches: coalesced, so that a fast transfer doesn't flood a terminal.
import type { FileProgress } from "@agora/ipc";
import type { Clock } from "@agora/ports";
import { PROGRESS_MS } from "./limits.ts";

/** Transfers remembered; the oldest may be told once too often. */
const MAX_REMEMBERED = 1_000;

/** Tells a step; one that only repeats the last with more bytes is told now and then. */
export type TellProgress = (progress: FileProgress) => void;

/** Creates the reporter of progress. */
export function createProgress(clock: Clock, tell: TellProgress): TellProgress {
  const last = new Map<string, { readonly step: FileProgress["step"]; readonly at: number }>();
  return (progress) => {
    const key = `${progress.id}|${progress.member ?? ""}`;
    const before = last.get(key);
    const now = clock.steady();
    if (before?.step === progress.step && now - before.at < PROGRESS_MS) return;
    if (progress.step === "done" || progress.step === "failed") last.delete(key);
    else last.set(key, { step: progress.step, at: now });
    if (last.size > MAX_REMEMBERED) last.delete(last.keys().next().value!);
    tell(progress);
  };
}
