// A resident with its gateway as real processes: several rooms at once, a grant that is revoked at the relay, and kill -9 in
// the middle of what members say and hear over REST, MCP and event streams.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { saveToken } from "@agora/user-config";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PATIENCE_MS } from "./wait-until.ts";
import { type Person, type TestRelay, Town, until } from "./test-users.ts";
import { ENTRY } from "./program.ts";
import { ownPort } from "./own-port.ts";

const TOKEN = "a-token";
const ROOMS = ["lobby", "den"];

const town = new Town();
let relay: TestRelay;
/** Owns both rooms; the resident is hers. */
let olga: Person;
let bob: Person;
let dan: Person;
let resident: ChildProcess;
let url = "";
const revoked = join(town.folder, "revoked");

/** It comes back at the same port. */
const port = String(await ownPort());

async function startResident(): Promise<void> {
  const words = ["resident", "--relay", relay.url, "--room", ROOMS.join(","), "--http", port, "--json"];
  const env = { PATH: process.env["PATH"] ?? "", AGORA_HOME: olga.home, AGORA_TOKEN: TOKEN };
  resident = spawn(process.execPath, [ENTRY, ...words], { env, stdio: ["ignore", "pipe", "ignore"] });
  const [line] = (await once(createInterface({ input: resident.stdout! }), "line")) as [string];
  ({ url } = JSON.parse(line) as { url: string });
}

async function killResident(): Promise<void> {
  const gone = once(resident, "exit");
  resident.kill("SIGKILL");
  await gone;
}

beforeAll(async () => {
  writeFileSync(revoked, "");
  olga = town.person("olga", undefined);
  const keys: string[] = [];
  for (const room of ROOMS) {
    const { key } = JSON.parse((await olga.type(["room", "create", room, "--json"])).out) as { key: string };
    keys.push(`${room}=${key}`);
  }
  const flags = ["--rate-agent", "off", "--rate-user", "off"];
  const env = { AGORA_ROOM_KEYS: keys.join(","), AGORA_TOKEN: TOKEN, AGORA_REVOKED_FILE: revoked };
  relay = await town.relay(flags, env);
  // As an invite would have brought it: the public half of the rooms' keys.
  const origin = relay.url.replace(/\/$/, "");
  for (const word of keys) {
    const [room = "", root = ""] = word.split("=", 2);
    await saveToken({ path: olga.home }, { origin, room, token: TOKEN, root });
  }
  [bob, dan] = [town.person("bob", relay), town.person("dan", relay)];
  await bob.start(["--room", "lobby"]);
  await dan.start(["--room", "den"]);
  await startResident();
});
afterAll(async () => {
  if (resident.exitCode === null && resident.signalCode === null) await killResident();
  await town[Symbol.asyncDispose]();
});

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

async function get<T>(path: string, token: string): Promise<{ readonly status: number; readonly body: T }> {
  const answer = await fetch(`${url}${path}`, { headers: bearer(token), signal: AbortSignal.timeout(PATIENCE_MS) });
  return { status: answer.status, body: (await answer.json()) as T };
}

interface Whoami {
  readonly room: string;
  readonly connection: { readonly state: string };
}
/** The room that the member of a token is in, once it has joined: its first request makes it do so, and waits but a while. */
const hasJoined = (token: string): Promise<string> =>
  until("it has joined", async () => {
    const { status, body } = await get<Whoami>("/v1/whoami", token);
    return status === 200 && body.connection.state === "joined" && body.room;
  });

/** A member's token at the gateway. */
async function tokenOf(name: string, room: string): Promise<string> {
  const made = await olga.type(["resident", "token", name, "--room", room, "--json"]);
  return (JSON.parse(made.out) as { token: string }).token;
}

/** A grant as its owner would be sent it: the token in the invite, and its id. */
async function grantOf(name: string): Promise<{ readonly jwt: string; readonly id: string }> {
  const made = await olga.type(["invite", name, "--relay", relay.url, "--room", "lobby", "--json"]);
  const { invite, id } = JSON.parse(made.out) as { invite: string; id: string };
  const { token } = JSON.parse(Buffer.from(invite.split(".")[1]!, "base64url").toString("utf8")) as { token: string };
  return { jwt: token, id };
}

async function openMcp(token: string): Promise<Client> {
  const client = new Client({ name: "test", version: "1" });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit: { headers: bearer(token) } }),
  );
  return client;
}

const textOf = (result: unknown): string =>
  (result as { content: readonly { text?: string }[] }).content.map(({ text = "" }) => text).join("\n");

interface Lines {
  readonly lines: readonly { readonly text: string; readonly from: string }[];
  readonly items: readonly { readonly text: string }[];
}

describe("a resident at work", () => {
  test("keeps several rooms at once, apart from each other", async () => {
    const [carol, dora] = [await tokenOf("carol", "lobby"), await tokenOf("carol", "den")];
    expect(await hasJoined(carol)).toBe("lobby");
    expect(await hasJoined(dora)).toBe("den");
    for (const person of [bob, dan])
      await until(`${person.name} sees carol`, async () => (await person.type(["who"])).out.includes("carol: online"));
    await bob.ask(["say", "@carol", "in the lobby"]);
    await dan.ask(["say", "@carol", "in the den"]);
    for (const [token, here, there] of [
      [carol, "in the lobby", "in the den"],
      [dora, "in the den", "in the lobby"],
    ] as const) {
      await until("the mail", async () =>
        (await get<Lines>("/v1/inbox", token)).body.items.some((i) => i.text === here),
      );
      expect(JSON.stringify((await get("/v1/history", token)).body)).not.toContain(there);
    }
    expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ ok: true, rooms: 2, joined: 2 });
  });

  test("ends all that a member has open when its grant is revoked, and lets nobody in by it", async () => {
    const [gone, stays] = [await grantOf("gina"), await grantOf("stan")];
    const mcp = await openMcp(gone.jwt);
    const others = await openMcp(stays.jwt);
    expect(textOf(await mcp.callTool({ name: "whoami" }))).toContain("@gina");
    expect(await hasJoined(gone.jwt)).toBe("lobby");
    const stream = fetch(`${url}/v1/events?after=0`, { headers: bearer(gone.jwt) }).then((answer) => answer.text());
    const waiting = get("/v1/wait?timeout=240", gone.jwt);
    const asking = mcp.callTool({ name: "wait", arguments: { seconds: 50 } }).then(
      (answer) => textOf(answer),
      () => "ended",
    );
    await until("she is there", async () => (await bob.type(["who"])).out.includes("gina"));
    // Nothing shows that they wait: what was asked after them was answered.
    for (let n = 0; n < 5; n += 1) await get("/v1/whoami", gone.jwt);
    writeFileSync(revoked, `${gone.id}\n`);
    relay.reload();
    expect(await stream).toMatch(/event: end\ndata: .*does not take this member any more/);
    expect((await waiting).status).toBe(503);
    expect(await asking).toContain("The session has ended");
    expect((await get("/v1/inbox", gone.jwt)).status).toBe(403);
    await expect(mcp.callTool({ name: "whoami" })).rejects.toThrow(/did not take @gina/);
    await expect(openMcp(gone.jwt)).rejects.toThrow(/did not take @gina/);
    await until("she is gone", async () => !(await bob.type(["who"])).out.includes("gina: online"));
    expect(textOf(await others.callTool({ name: "whoami" }))).toContain("@stan");
    await others.close();
    await mcp.close().catch(() => undefined);
  });

  test("killed again and again, nothing is lost or doubled over REST, MCP and event streams", async () => {
    const [rest, mcp, events] = [
      await tokenOf("rita", "lobby"),
      await tokenOf("mona", "lobby"),
      await tokenOf("evan", "lobby"),
    ];
    for (const token of [rest, mcp, events]) expect(await hasJoined(token)).toBe("lobby");
    await until("all are there", async () => {
      const { out } = await bob.type(["who"]);
      return ["rita", "mona", "evan"].every((name) => out.includes(`${name}: online`));
    });
    const over = new AbortController();

    // Evan follows the room, resuming at what arrived last.
    const heard: { readonly id: string; readonly text: string }[] = [];
    const { promise: follows, resolve: begun } = Promise.withResolvers<void>();
    const following = (async () => {
      let last = "now";
      while (!over.signal.aborted) {
        const where = last === "now" ? "?after=now" : "";
        const headers = last === "now" ? bearer(events) : { ...bearer(events), "last-event-id": last };
        try {
          const answer = await fetch(`${url}/v1/events${where}`, { headers, signal: over.signal });
          if (!answer.ok) throw new Error(String(answer.status));
          begun();
          let rest = "";
          const decoder = new TextDecoder();
          for await (const chunk of answer.body!) {
            rest += decoder.decode(chunk as Uint8Array, { stream: true });
            for (let end = rest.indexOf("\n\n"); end >= 0; end = rest.indexOf("\n\n")) {
              const [, id, data] = /^id: (\S+)\nevent: line\ndata: (.*)$/.exec(rest.slice(0, end)) ?? [];
              rest = rest.slice(end + 2);
              if (id === undefined || data === undefined) continue;
              last = id;
              heard.push(JSON.parse(data) as { id: string; text: string });
            }
          }
        } catch {
          await sleep(100);
        }
      }
    })();
    await follows; // "now" is now

    const numbers = Array.from({ length: 30 }, (_, n) => n);
    /** The same key until it is answered. */
    const sayRest = async (n: number): Promise<void> => {
      const headers = { ...bearer(rest), "content-type": "application/json", "idempotency-key": `rita-${n}` };
      const body = JSON.stringify({ text: `rita ${n}` });
      for (;;) {
        const answer = await fetch(`${url}/v1/say`, { method: "POST", headers, body }).catch(() => undefined);
        if (answer?.ok === true) return;
        await sleep(100);
      }
    };
    /** A call that was cut off may have been carried out: whoever is not sure looks into the history. */
    const sayMcp = async (): Promise<void> => {
      let client: Client | undefined;
      for (const n of numbers) {
        for (;;) {
          try {
            client ??= await openMcp(mcp);
            if (textOf(await client.callTool({ name: "history", arguments: { limit: 200 } })).includes(`mona ${n}.`))
              break;
            const said = await client.callTool({ name: "say", arguments: { text: `mona ${n}.` } });
            if (said.isError !== true) break;
          } catch {
            await client?.close().catch(() => undefined);
            client = undefined;
          }
          await sleep(100);
        }
      }
      await client?.close().catch(() => undefined);
    };
    const killing = (async () => {
      for (let round = 0; round < 3; round += 1) {
        await sleep(1_500 + round * 350);
        await killResident();
        await startResident();
      }
    })();
    const bobs = (async () => {
      for (const n of numbers) await bob.ask(["say", "@rita", "@mona", `bob ${n}`]);
    })();
    await Promise.all([
      bobs,
      sayMcp(),
      (async () => {
        for (const n of numbers) {
          await sayRest(n);
          await sleep(60);
        }
      })(),
      killing,
    ]);

    const wanted = numbers.flatMap((n) => [`bob ${n}`, `rita ${n}`, `mona ${n}.`]).sort();
    const isOurs = (text: string): boolean => /^(bob|rita|mona) \d+\.?$/.test(text);
    const texts = async (): Promise<string[]> =>
      (await bob.ask<Lines>(["history", "--limit", "500"])).lines.map(({ text }) => text).filter(isOurs);
    await until("all is with bob", async () => (await texts()).length >= wanted.length).catch(() => undefined);
    expect((await texts()).sort()).toEqual(wanted);

    // Rita by REST and Mona by MCP have each request once in their mailboxes.
    const asked = numbers.map((n) => `bob ${n}`);
    const mail = async (): Promise<string[]> =>
      (await get<Lines>("/v1/inbox?after=0&limit=500", rest)).body.items.map(({ text }) => text);
    await until("rita's mail", async () => (await mail()).length >= asked.length);
    expect((await mail()).sort()).toEqual([...asked].sort());
    const client = await openMcp(mcp);
    const timesIn = (text: string, word: string) => text.match(new RegExp(`^${word}$`, "gm"))?.length ?? 0;
    const monas = await until("mona's mail", async () => {
      const shown = textOf(await client.callTool({ name: "inbox" }));
      return asked.every((text) => timesIn(shown, text) > 0) && shown;
    });
    expect(asked.filter((text) => timesIn(monas, text) !== 1)).toEqual([]);
    await client.close();

    // Evan was shown each line; resumed at what had arrived, none came twice.
    const toAll = wanted.filter((text) => !text.startsWith("bob"));
    const shown = (): string[] => heard.map(({ text }) => text).filter(isOurs);
    await until("evan's lines", async () => Promise.resolve(shown().length >= toAll.length)).catch(() => undefined);
    over.abort();
    await following;
    expect(shown().sort()).toEqual(toAll);
  });
});
