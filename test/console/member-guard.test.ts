// What a relay's console gives to whom: the page to everybody who asks by the relay's own name, and nothing else to anybody.
import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { run, type TestRelay, Town } from "../test-users.ts";
import { consoleOf, RelayFolder } from "./console-relay.ts";

let town: Town;
let bundle: RelayFolder;
let relay: TestRelay;
let place: URL;

beforeAll(async () => {
  town = new Town();
  bundle = new RelayFolder();
  relay = await bundle.start();
  place = new URL(consoleOf(relay));
});
afterAll(async () => {
  await relay?.end();
  bundle?.[Symbol.dispose]();
  await town?.[Symbol.asyncDispose]();
});

interface Heard {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
}

/** By Node's own client, which sends whatever headers it is told to. */
function ask(url: URL, method = "GET", headers: Readonly<Record<string, string>> = {}): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers }, (response) => {
      let text = "";
      response.setEncoding("latin1").on("data", (piece: string) => (text += piece));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    request.on("error", reject);
    request.end();
  });
}

/** What becomes of a WebSocket: `open`, or the status it was refused with. */
function dial(headers: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${relay.url}/ws`, { headers });
    socket.once("open", () => {
      resolve("open");
      socket.close();
    });
    socket.once("unexpected-response", (_, response) => {
      resolve(String(response.statusCode));
      socket.terminate();
    });
    socket.once("error", () => undefined);
  });
}

describe("the console of a relay", () => {
  test("[CONSOLE-1] is given by the relay's own name only, and may connect to the relay alone", async () => {
    const page = await ask(place);
    expect(page.status).toBe(200);
    expect(page.headers["content-type"]).toContain("text/html");
    const policy = String(page.headers["content-security-policy"]);
    expect(policy).toContain("connect-src 'self';");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(page.headers).toMatchObject({ "x-content-type-options": "nosniff", "referrer-policy": "no-referrer" });
    expect(page.headers["set-cookie"]).toBeUndefined();
    for (const host of ["evil.example", `evil.example:${place.port}`, "127.0.0.1.evil.example", "169.254.1.1"])
      expect((await ask(place, "GET", { host })).status).toBe(421);
    expect((await ask(place, "GET", { host: `localhost:${place.port}` })).status).toBe(200);
  });

  test("has its files and nothing besides; it takes nothing", async () => {
    expect((await ask(new URL("manifest.webmanifest", place))).headers["content-type"]).toContain("manifest");
    expect((await ask(new URL("icon.svg", place))).status).toBe(200);
    for (const path of ["../relay.mjs", "%2e%2e/relay.mjs", "constructor", "__proto__", ".env", "live", "file/abc"])
      expect((await ask(new URL(`${place.href}${path}`))).status).toBe(404);
    for (const method of ["POST", "PUT", "DELETE"]) expect((await ask(place, method)).status).toBe(405);
    expect((await ask(new URL("/console", place))).headers["location"]).toBe("/console/");
  });

  test("no page of another site reaches the relay through a browser", async () => {
    expect(await dial({ origin: "http://evil.example" })).toBe("403");
    expect(await dial({ origin: "null" })).toBe("403");
    expect(await dial({ origin: place.origin })).toBe("open");
  });

  test("is there on request only, and off this machine only under a name that the relay knows", async () => {
    const plain = await town.relay();
    expect((await ask(new URL(consoleOf(plain)))).status).toBe(404);
    const open = await run(town.folder, ["relay", "--console", "--host", "0.0.0.0", "--token", "x", "--port", "0"], {});
    expect(open).toMatchObject({ code: 1, err: expect.stringContaining("AGORA_PUBLIC_URL") as unknown });
  });

  test("behind a proxy it goes by the relay's public name", async () => {
    const before = await bundle.start();
    const { port } = before;
    await before.end();
    const proxied = await bundle.start({ port, env: { AGORA_PUBLIC_URL: "wss://relay.example.org" } });
    try {
      const own = new URL(`http://127.0.0.1:${port}/console/`);
      expect((await ask(own, "GET", { host: "relay.example.org" })).status).toBe(200);
      expect((await ask(own)).status).toBe(421);
    } finally {
      await proxied.end();
    }
  });
});
