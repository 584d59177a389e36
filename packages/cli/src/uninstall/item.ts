// One thing of ours on this machine: shown first, removed if chosen.
import type { Result } from "@agora/protocol";

export interface Item {
  /** Its kind, for programs. They are removed in this order: running processes first, the home last. */
  readonly kind: "daemon" | "service" | "plugin" | "client" | "rule" | "shell" | "folder" | "home";
  /** What it is and where, and what would be lost by removing it. */
  readonly what: string;
  /** Removes it; returns a sentence if the person still has to do something. */
  take(): Promise<Result<string | undefined>>;
}
