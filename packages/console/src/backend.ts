// What the page needs from whatever holds the room for it: the person's own daemon, or this browser itself. Everything above
// this file sees only this interface.
import type { Push, RequestArgs, RequestName, Results } from "@agora/ipc/messages";

/** The result of a request: the value, or one sentence. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** A request's arguments as the page gives them: it can't choose the `via`, and a file is one it uploaded. */
export type Asked<N extends RequestName> = Omit<RequestArgs<N>, "via" | "file"> & { readonly upload?: string };

/** `locked`: this browser isn't admitted. */
export type LinkState = "connecting" | "open" | "away" | "locked";

export interface Backend {
  /** `member`: this browser is a member itself. There is no agent that answers, and no session to hand over to. */
  readonly kind: "daemon" | "member";
  request<N extends RequestName>(name: N, args: Asked<N>): Promise<Answer<Results[N]>>;
  /** Uploads a file; returns the id that `say` takes. */
  upload(file: File, progress: (share: number) => void): Promise<Answer<string>>;
  /** The address to load an event's file from. */
  fileUrl(id: string): string;
  /** Forgets this browser. */
  leave(): Promise<void>;
}

export interface BackendEvents {
  readonly push: (push: Push) => void;
  readonly state: (state: LinkState, why?: string) => void;
}
