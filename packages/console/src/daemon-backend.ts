// The person's own daemon as the backend, through the hub: one WebSocket, reopened whenever it ends.
import type { RequestName, Results } from "@agora/ipc/messages";
import type { Answer, Backend, BackendEvents } from "./backend.ts";

const FIRST_RETRY_MS = 300;
const LAST_RETRY_MS = 8_000;
const REQUEST_MS = 20_000;
/** The hub can't reach the room's daemon, and says why. */
const ROOM_AWAY = 4404;
/** After this many failures in a row, check whether this browser is admitted. */
const GAVE_UP = 3;

const gone = { ok: false, code: "gone", message: "The daemon is not reached now: try again in a moment." } as const;

/** Connects, and stays connected. */
export function connectDaemon(events: BackendEvents): Backend {
  const waiting = new Map<number, (answer: Answer<unknown>) => void>();
  let socket: WebSocket | undefined;
  let lastId = 0;
  let failures = 0;
  let isThere = false;

  const endRequests = (): void => {
    for (const settle of waiting.values()) settle(gone);
    waiting.clear();
  };
  const dial = (): void => {
    const url = new URL("./live", location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    url.hash = "";
    const own = new WebSocket(url);
    let wasOpen = false;
    socket = own;
    own.addEventListener("open", () => {
      wasOpen = true;
    });
    own.addEventListener("message", ({ data }) => {
      if (typeof data === "string") hear(JSON.parse(data));
    });
    own.addEventListener("close", ({ code, reason }) => {
      isThere = false;
      endRequests();
      if (!wasOpen) failures += 1;
      if (code === 4001) return events.state("locked");
      if (code === ROOM_AWAY) {
        events.state("away", reason);
        return void setTimeout(dial, LAST_RETRY_MS / 2);
      }
      void tellAbsence();
      setTimeout(dial, Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures));
    });
  };
  /** A browser hides why a connection failed; a plain request tells a missing daemon from one that refuses. */
  const tellAbsence = async (): Promise<void> => {
    const isLocked = failures >= GAVE_UP && (await isRefused());
    if (failures > 0 || !isThere) events.state(isLocked ? "locked" : "away");
  };
  const hear = (message: Message): void => {
    if ("push" in message) {
      // The hub is there before the daemon is: what a daemon pushes shows that it is, too.
      if (!isThere && message.push !== "rooms") {
        isThere = true;
        failures = 0;
        events.state("open");
      }
      return events.push(message);
    }
    const settle = waiting.get(message.id);
    waiting.delete(message.id);
    settle?.(message.ok ? { ok: true, value: message.result } : message);
  };
  dial();
  return {
    kind: "daemon",
    request<N extends RequestName>(name: N, args: object) {
      return new Promise<Answer<Results[N]>>((resolve) => {
        if (socket?.readyState !== WebSocket.OPEN) return resolve(gone);
        const id = ++lastId;
        const late = setTimeout(
          () => settle({ ok: false, code: "timeout", message: "No answer came in time." }),
          REQUEST_MS,
        );
        const settle = (answer: Answer<unknown>): void => {
          clearTimeout(late);
          waiting.delete(id);
          resolve(answer as Answer<Results[N]>);
        };
        waiting.set(id, settle);
        socket.send(JSON.stringify({ id, do: name, args }));
      });
    },
    upload,
    fileUrl: (id) => `./file/${id}`,
    async leave() {
      await fetch("./leave", { method: "POST" });
    },
  };
}

/** Whether the console is running but doesn't admit this browser. */
async function isRefused(): Promise<boolean> {
  try {
    return (await fetch("./file/none", { method: "HEAD", signal: AbortSignal.timeout(REQUEST_MS) })).status === 403;
  } catch {
    return false; // nobody answers
  }
}

type Message =
  | Parameters<BackendEvents["push"]>[0]
  | { readonly id: number; readonly ok: true; readonly result: unknown }
  | { readonly id: number; readonly ok: false; readonly code: string; readonly message: string };

/** Uploads a file; with XMLHttpRequest, since fetch reports no progress. */
function upload(file: File, progress: (share: number) => void): Promise<Answer<string>> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", `./upload/${encodeURIComponent(file.name === "" ? "file" : file.name)}`);
    request.upload.addEventListener("progress", ({ loaded, total }) => progress(total === 0 ? 1 : loaded / total));
    request.addEventListener("error", () =>
      resolve({ ok: false, code: "gone", message: "The file did not go through." }),
    );
    request.addEventListener("load", () => {
      const answer = JSON.parse(request.responseText) as { readonly upload?: string; readonly message?: string };
      resolve(
        answer.upload === undefined
          ? { ok: false, code: "refused", message: answer.message ?? "The file was refused." }
          : { ok: true, value: answer.upload },
      );
    });
    request.send(file);
  });
}
