// The attacker: a page in a browser of the relay's own machine, whose name was made to lead to it (DNS rebinding). The browser
// sends that name as Host, and as Origin.
import { request } from "node:http";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { type TestRelay, Town } from "../test-users.ts";

const LONG = { AGORA_TOKEN: "a-token-0123456789abcdef" };

function get(relay: TestRelay, path: string, host: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port: relay.port, path, headers: { host } }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => (body += text));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
    });
    asked.on("error", reject).end();
  });
}

/** The status of a WebSocket that a page of this name opens; 101 when it is open. */
function open(relay: TestRelay, host: string, origin?: string): Promise<number> {
  return new Promise((resolve) => {
    const headers = { host, ...(origin === undefined ? {} : { origin }) };
    const socket = new WebSocket(`ws://127.0.0.1:${relay.port}/ws`, { headers });
    socket.on("error", () => undefined);
    socket.on("unexpected-response", (_, { statusCode }) => resolve(statusCode ?? 0));
    socket.on("open", () => {
      socket.terminate();
      resolve(101);
    });
  });
}

test("a page of another name opens no WebSocket and reads nothing [CONNECT-2] [CONNECT-3]", async () => {
  await using town = new Town();
  const relay = await town.relay(["--console"], LONG);
  const evil = `evil.example:${relay.port}`;
  expect(await open(relay, evil, `http://${evil}`)).toBe(421);
  expect(await open(relay, evil)).toBe(421);
  expect(await open(relay, `127.0.0.1.evil.example:${relay.port}`)).toBe(421);
  // Its own name, and a page of another: as ever.
  expect(await open(relay, `127.0.0.1:${relay.port}`, "http://evil.example")).toBe(403);
  for (const path of ["/metrics", "/console/", "/"]) expect((await get(relay, path, evil)).status).toBe(421);
  expect(await get(relay, "/healthz", evil)).toEqual({ status: 200, body: '{"status":"ok"}\n' });

  for (const name of ["127.0.0.1", "localhost", "[::1]", "127.8.8.8"]) {
    expect(await open(relay, `${name}:${relay.port}`)).toBe(101);
    expect((await get(relay, "/metrics", `${name}:${relay.port}`)).status).toBe(200);
  }
});

test("--allow-hosts, or its twin in the environment, adds names; each with its port or with any [CONNECT-3]", async () => {
  await using town = new Town();
  const byFlag = await town.relay(["--allow-hosts", "relay,lab.local:9000"], LONG);
  expect(await open(byFlag, `relay:${byFlag.port}`)).toBe(101);
  expect(await open(byFlag, "lab.local:9000", "http://lab.local:9000")).toBe(101);
  expect(await open(byFlag, "lab.local:9001")).toBe(421);
  const byEnv = await town.relay([], { ...LONG, AGORA_ALLOW_HOSTS: "relay" });
  expect(await open(byEnv, "relay")).toBe(101);
  expect(byEnv.hosts).toEqual(["localhost", "127.0.0.1", "relay"]);
  const wrong = town.relay(["--allow-hosts", "http://relay/"], LONG);
  await expect(wrong).rejects.toThrow(/--allow-hosts is like relay.local/);
});
