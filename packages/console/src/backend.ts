// What the page needs of whoever keeps the room for it: the own daemon, or this browser itself. Everything above this file
// knows no other word for it.
import type { Push, RequestArgs, RequestName, Results, Snapshot } from "@agora/ipc/messages";

/** What came of a request: the value, or one sentence. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** Arguments of a request as the page gives them: the way in is not its to say, and a file is one it uploaded. */
export type Asked<N extends RequestName> = Omit<RequestArgs<N>, "via" | "file"> & { readonly upload?: string };

/** The parts of the room's state beside its lines; only those that changed. */
export type StatePush = { readonly push: "state" } & Snapshot;

/** `locked`: this browser was not let in. */
export type LinkState = "connecting" | "open" | "away" | "locked";

export interface Backend {
  /** `member`: this browser is one itself. There is no agent that answers, and no session to hand over to. */
  readonly kind: "daemon" | "member";
  request<N extends RequestName>(name: N, args: Asked<N>): Promise<Answer<Results[N]>>;
  /** Sends a file up; gives the id that `say` takes. */
  upload(file: File, progress: (share: number) => void): Promise<Answer<string>>;
  /** Where the file of an event is loaded from. */
  fileUrl(id: string): string;
  /** Forgets this browser. */
  leave(): Promise<void>;
}

export interface BackendEvents {
  readonly push: (push: Push | StatePush) => void;
  readonly state: (state: LinkState) => void;
}
