// A page while its daemon hands over: what it asked is carried out by the successor, and answered before the page dials again.
import { EventEmitter } from "node:events";
import type { Client } from "@agora/ipc";
import { ok } from "@agora/protocol";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { until } from "../../../test/wait-until.ts";
import { serveLive } from "./live.ts";

test("a request that the daemon didn't take any more is answered by its successor, then the page is closed", async () => {
  const happened: string[] = [];
  const socket = Object.assign(new EventEmitter(), {
    readyState: 1, // open
    bufferedAmount: 0,
    send: (text: string) => void happened.push(text),
    close(code: number) {
      socket.readyState = WebSocket.CLOSING;
      happened.push(`closed ${code}`);
    },
  });
  const leaving = Promise.withResolvers<void>();
  const daemon = (say: () => unknown, closed: Promise<void>): Client =>
    ({
      request: async (name: string) => (name === "say" ? say() : ok({})),
      onPush: () => () => undefined,
      closed,
      close: () => undefined,
    }) as never;
  const daemons = [
    daemon(() => {
      leaving.resolve();
      return { ok: false, code: "moved", message: "" };
    }, leaving.promise),
    daemon(() => ok("said"), new Promise(() => undefined)),
  ];
  const open = async () => ok(daemons.shift()!);
  serveLive(socket as never, "holder", open, { pathOf: () => undefined } as never, () => false);
  socket.emit("message", Buffer.from(JSON.stringify({ id: 1, do: "say", args: { text: "x", to: [] } })), false);
  await until("it is closed", () => happened.includes("closed 1012"));
  expect(happened).toEqual([JSON.stringify({ id: 1, ok: true, result: "said" }), "closed 1012"]);
});
