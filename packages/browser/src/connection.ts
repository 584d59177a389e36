// The browser's WebSocket as a Connection. A frame is sent only when everything decided before it is in the database: what
// others were told stays true when this page is gone.
import type { Clock, Connection, Dial } from "@agora/ports";
import type { Writer } from "./writer.ts";

const LOST = 1006;
const WRITE_RETRY_MS = 1_000;
/** A browser lets a page close with 1000 and these; the relay's own codes come from the other side. */
const MAY_CLOSE_WITH = (code: number): boolean => code === 1000 || (code >= 3000 && code < 5000);

/**
 * Pages can't send pings. A relay answers a frame type that it doesn't know, and carries on: that is a sign of life too,
 * once it has let us in. [FRAME-2]
 */
const ASK = JSON.stringify({ type: "alive" });

/** Creates a Dial. */
export function createBrowserDial(writer: Pick<Writer, "isIdle" | "written">, clock: Clock): Dial {
  return (url, events): Connection => {
    const socket = new WebSocket(url);
    socket.binaryType = "arraybuffer";
    let held: string[] = [];
    let heldChars = 0;
    let releasing = false;
    let isEnded = false;
    let isIn = false;

    const end = (code: number, reason: string): void => {
      if (isEnded) return;
      isEnded = true;
      held = [];
      heldChars = 0;
      events.closed(code, reason);
    };
    const release = async (): Promise<void> => {
      releasing = true;
      while (held.length > 0) {
        const count = held.length;
        try {
          await writer.written();
        } catch {
          await new Promise<void>((resolve) => void clock.after(WRITE_RETRY_MS, resolve));
          continue;
        }
        for (const frame of held.splice(0, count)) {
          heldChars -= frame.length;
          if (socket.readyState === WebSocket.OPEN) socket.send(frame);
        }
      }
      releasing = false;
    };
    socket.addEventListener("open", () => events.opened());
    socket.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
      if (typeof data === "string") {
        isIn ||= data.includes('"type":"joined"');
        events.text(data);
      }
      if (data instanceof ArrayBuffer) events.binary(new Uint8Array(data));
    });
    socket.addEventListener("close", ({ code, reason }) => end(code, reason));
    return {
      send(frame) {
        if (socket.readyState !== WebSocket.OPEN) return;
        if (typeof frame !== "string") return socket.send(frame as Uint8Array<ArrayBuffer>);
        if (!releasing && writer.isIdle) return socket.send(frame);
        held.push(frame);
        heldChars += frame.length;
        if (!releasing) void release();
      },
      get unsent() {
        return socket.bufferedAmount + heldChars;
      },
      ping() {
        if (socket.readyState !== WebSocket.OPEN) return;
        if (isIn) socket.send(ASK);
        else events.alive(); // the handshake has its own timeout
      },
      close(code, reason) {
        socket.close(MAY_CLOSE_WITH(code) ? code : 1000, reason.slice(0, 100));
        // The browser may wait long for a silent other side.
        clock.after(0, () => end(LOST, reason));
      },
    };
  };
}
