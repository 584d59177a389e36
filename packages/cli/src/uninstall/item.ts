// One thing of ours on this machine: shown first, taken out when it is chosen.
import type { Result } from "@agora/protocol";

export interface Item {
  /** Its kind, for programs. They are taken out in this order: what runs first, the home last. */
  readonly kind: "daemon" | "service" | "plugin" | "client" | "rule" | "shell" | "folder" | "home";
  /** What it is and where, with what would be lost by taking it out. */
  readonly what: string;
  /** Takes it out; what a person still has to do comes back as a sentence. */
  take(): Promise<Result<string | undefined>>;
}
