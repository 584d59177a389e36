// Who gets in: nobody from another site, by another name for this machine, or with a code that was used; and what a page that
// was let in may not ask for.
import { readFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { type Person, Town } from "../test-users.ts";
import { consoleUrl } from "./browser.ts";

let town: Town;
let alice: Person;
let place: URL;
let cookie: string;

beforeAll(async () => {
  town = new Town();
  alice = town.person("alice", await town.relay());
  await alice.start();
  const url = new URL(await consoleUrl(alice));
  const entered = await enter(url);
  cookie = String(entered.headers["set-cookie"]?.[0]).split(";")[0]!;
  place = new URL(url.pathname, url);
});
afterAll(() => town[Symbol.asyncDispose]());

interface Heard {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
}

/** By Node's own client, which sends whatever headers it is told to. */
function ask(url: URL, method: string, headers: Readonly<Record<string, string>> = {}, body = ""): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (piece: string) => (text += piece));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

function enter(url: URL, origin = url.origin): Promise<Heard> {
  return ask(new URL("enter", url), "POST", { origin }, url.hash.replace("#code=", ""));
}

/** What becomes of a WebSocket: `open`, or the status it was refused with. */
function dial(headers: Readonly<Record<string, string>>, path = "live"): Promise<string> {
  return new Promise((resolve) => {
    const socket = new WebSocket(new URL(path, place).href.replace("http", "ws"), { headers });
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

describe("the way in", () => {
  test("a code is good once", async () => {
    const url = new URL(await consoleUrl(alice));
    expect((await enter(url)).status).toBe(200);
    const again = await enter(url);
    expect(again.status).toBe(403);
    expect(again.text).toContain("used already");
    expect(again.headers["set-cookie"]).toBeUndefined();
  });

  test("the cookie is out of reach for scripts, other sites and other servers of this machine", async () => {
    const [set] = (await enter(new URL(await consoleUrl(alice)))).headers["set-cookie"] as readonly string[];
    expect(set).toMatch(new RegExp(`; Path=${place.pathname.replace(/r\/\w+\/$/, "")}; .*HttpOnly; SameSite=Strict$`));
  });

  test("a wrong code, and a code from another site's page, are refused", async () => {
    const url = new URL(await consoleUrl(alice));
    expect((await enter(url, "http://evil.example")).status).toBe(403);
    expect((await enter(new URL("#code=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", url))).status).toBe(403);
    expect((await enter(url)).status).toBe(200); // the refused attempts did not use it up
  });

  test("an agent's shell can't open the console", async () => {
    const refused = await alice.type(["console", "--no-browser"], { CLAUDECODE: "1" });
    expect(refused).toMatchObject({
      code: 1,
      out: "",
      err: expect.stringMatching(/Only the person|belongs to the person/) as unknown,
    });
  });

  test("nothing of it stands in a log or a readable file", async () => {
    const code = new URL(await consoleUrl(alice)).hash.replace("#code=", "");
    const log = alice.read(".agora", "daemon.log");
    expect(log).not.toContain(code);
    expect(log).not.toContain(cookie.split("=")[1]);
    const kept = readFileSync(join(alice.home, "run", await keptName()), "utf8");
    expect(kept).not.toContain(cookie.split("=")[1]);
  });
});

async function keptName(): Promise<string> {
  const { readdirSync, statSync } = await import("node:fs");
  const name = readdirSync(join(alice.home, "run")).find((file) => file.endsWith(".console"))!;
  expect(statSync(join(alice.home, "run", name)).mode & 0o777).toBe(0o600);
  return name;
}

describe("other names and other pages", () => {
  test.each(["evil.example", "localhost", "127.0.0.1", "127.0.0.1:1", "[::1]"])(
    "the name %s is refused everywhere (DNS rebinding)",
    async (host) => {
      for (const path of ["", "live", "file/aaaaaaaaaaaaaaaaaaaa", "enter"]) {
        const method = path === "enter" ? "POST" : "GET";
        const heard = await ask(new URL(path, place), method, { host, cookie, origin: place.origin });
        expect(heard.status).toBe(421);
        // To somebody who forwards another port: which one it has to be.
        expect(heard.text).toContain(`ssh -L ${place.port}:127.0.0.1:${place.port}`);
      }
      expect(await dial({ host, cookie, origin: place.origin })).toBe("403");
    },
  );

  test("the room is closed to other origins, and without the cookie", async () => {
    expect(await dial({ cookie, origin: place.origin })).toBe("open");
    for (const origin of [
      "http://evil.example",
      "null",
      place.origin.replace("127.0.0.1", "localhost"),
      "http://127.0.0.1:1",
    ])
      expect(await dial({ cookie, origin })).toBe("403");
    expect(await dial({ cookie })).toBe("403");
    expect(await dial({ origin: place.origin })).toBe("403");
    expect(await dial({ cookie: `${cookie}x`, origin: place.origin })).toBe("403");
    expect(await dial({ cookie, origin: place.origin }, "/live")).toBe("403");
  });

  test("uploads and files as well", async () => {
    const own = { cookie, origin: place.origin };
    expect((await ask(new URL("upload/a.txt", place), "POST", { origin: place.origin }, "a")).status).toBe(403);
    expect((await ask(new URL("upload/a.txt", place), "POST", { cookie }, "a")).status).toBe(403);
    expect(
      (await ask(new URL("upload/a.txt", place), "POST", { ...own, origin: "http://evil.example" }, "a")).status,
    ).toBe(403);
    const file = new URL("file/aaaaaaaaaaaaaaaaaaaa", place);
    expect((await ask(file, "GET")).status).toBe(403);
    expect((await ask(file, "GET", { cookie, "sec-fetch-site": "cross-site" })).status).toBe(403);
    expect((await ask(file, "GET", { cookie })).status).toBe(404);
    expect((await ask(new URL("file/..%2f..%2fetc%2fpasswd", place), "GET", { cookie })).status).toBe(404);
  });

  test("outside its place there is nothing, and no other page may read or frame it", async () => {
    expect((await ask(new URL("/", place), "GET")).status).toBe(404);
    const page = await ask(place, "GET");
    expect(page.status).toBe(200);
    expect(page.headers["access-control-allow-origin"]).toBeUndefined();
    const policy = String(page.headers["content-security-policy"]);
    for (const part of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "trusted-types 'none'"])
      expect(policy).toContain(part);
    expect(policy).not.toContain("unsafe");
  });
});

describe("a page that was let in", () => {
  const asked = async (name: string, args: object): Promise<{ ok: boolean; code?: string; message?: string }> => {
    const socket = new WebSocket(new URL("live", place).href.replace("http", "ws"), {
      headers: { cookie, origin: place.origin },
    });
    const answer = await new Promise<string>((resolve, reject) => {
      socket.on("error", reject);
      socket.on("open", () => socket.send(JSON.stringify({ id: 1, do: name, args })));
      socket.on("message", (data) => {
        const text = (data as Buffer).toString("utf8");
        if ((JSON.parse(text) as { id?: number }).id === 1) resolve(text);
      });
    });
    socket.close();
    return JSON.parse(answer) as { ok: boolean; code?: string };
  };

  test.each(["stop", "handOver", "attach", "sessionStart", "console", "constructor", "__proto__"])(
    "can't ask for %s",
    async (name) => {
      expect(await asked(name, { via: "cli", version: "9", again: true })).toMatchObject({
        ok: false,
        message: "The console may not ask for that.",
      });
    },
  );

  test("sends no file of this machine, only what it uploaded", async () => {
    const said = await asked("say", { text: "look", to: [], file: "/etc/passwd" });
    expect(said.ok).toBe(true);
    const { lines } = await alice.ask<{ lines: { text: string; file?: unknown }[] }>(["history"]);
    expect(lines.at(-1)).toMatchObject({ text: "look" });
    expect(lines.at(-1)?.file).toBeUndefined();
    expect(await asked("say", { text: "look", to: [], upload: "../../etc/passwd" })).toMatchObject({ ok: false });
  });

  test("speaks as the person, whatever it claims", async () => {
    expect((await asked("say", { text: "by the console", to: [], via: "tool" })).ok).toBe(true);
    const { lines } = await alice.ask<{ lines: { text: string; role: string }[] }>(["history"]);
    expect(lines.at(-1)).toMatchObject({ text: "by the console", role: "user" });
  });

  test("is not heard when it talks nonsense", async () => {
    const socket = new WebSocket(new URL("live", place).href.replace("http", "ws"), {
      headers: { cookie, origin: place.origin },
    });
    const code = await new Promise((resolve) => {
      socket.on("open", () => socket.send("nonsense"));
      socket.on("close", resolve);
    });
    expect(code).toBe(1008);
  });
});
