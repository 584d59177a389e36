// Who is kept out: wrong bearers, wrong hosts and origins, bodies and paths that are none, grants that don't count.
import { request } from "node:http";
import { connect } from "node:net";
import { createRoomRoot, saveToken, signGrant } from "@agora/user-config";
import { expect, test } from "vitest";
import { MAX_BODY_BYTES } from "../src/limits.ts";
import { manageToken } from "../src/index.ts";
import { must, ROOM } from "./waiting.ts";
import { until } from "../../../test/wait-until.ts";
import { openWorld, type World } from "./test-network.ts";

/** A request with headers that `fetch` would not send. */
function raw(
  world: World,
  path: string,
  headers: Record<string, string>,
  method = "GET",
): Promise<{
  readonly host: string | undefined;
  readonly status: number;
  readonly body: string;
  readonly headers: Record<string, unknown>;
}> {
  const { hostname, port } = new URL(world.url);
  return new Promise((resolve, reject) => {
    const asked = request(
      { hostname, port, path, method, headers, setHost: headers["host"] === undefined },
      (response) => {
        let body = "";
        response.on("data", (chunk: Buffer) => (body += chunk.toString()));
        response.on("end", () =>
          resolve({ host: headers["host"], status: response.statusCode ?? 0, body, headers: response.headers }),
        );
      },
    );
    asked.on("error", reject).end();
  });
}

test("hosts and origins that are not ours are refused, and no web page is answered", async () => {
  await using world = await openWorld();
  const token = await world.token("carol");
  const authorization = `Bearer ${token}`;
  const { port } = new URL(world.url);
  for (const host of [
    "evil.example",
    `evil.example:${port}`,
    "127.0.0.1",
    `127.0.0.1:1`,
    `localhost.evil.example:${port}`,
  ]) {
    expect(await raw(world, "/v1/whoami", { host, authorization })).toMatchObject({ host, status: 403 });
    expect(await raw(world, "/mcp", { host, authorization }, "POST")).toMatchObject({ host, status: 403 });
  }
  for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, `LOCALHOST:${port}`]) {
    expect(await raw(world, "/v1/whoami", { host, authorization })).toMatchObject({ host, status: 200 });
  }
  for (const origin of ["https://evil.example", "null", `http://127.0.0.1:${port}`, ""]) {
    const answer = await raw(world, "/v1/whoami", { origin, authorization });
    expect({ ...answer, origin }).toMatchObject({ origin, status: 403 });
    expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
  }
  expect(await raw(world, "/v1/say", { origin: "https://evil.example" }, "OPTIONS")).toMatchObject({ status: 403 });
});

test("an origin that was allowed is answered, with its name", async () => {
  await using world = await openWorld({
    flags: { "allowed-origins": "https://app.example.org", "allowed-hosts": "gw.lan:99" },
  });
  const token = await world.token("carol");
  const answer = await world.get("/v1/whoami", token, { origin: "https://app.example.org" });
  expect(answer.status).toBe(200);
  expect(answer.headers.get("access-control-allow-origin")).toBe("https://app.example.org");
  const preflight = await raw(
    world,
    "/v1/say",
    { origin: "https://app.example.org", "access-control-request-method": "POST" },
    "OPTIONS",
  );
  expect(preflight).toMatchObject({
    status: 204,
    headers: { "access-control-allow-origin": "https://app.example.org" },
  });
  expect(await raw(world, "/v1/whoami", { host: "gw.lan:99", authorization: `Bearer ${token}` })).toMatchObject({
    status: 200,
  });
});

test("only a bearer that counts comes in, and guessing is slowed down", async () => {
  await using world = await openWorld();
  const token = await world.token("carol");
  const none = await world.get("/v1/whoami", undefined);
  expect(none).toMatchObject({ status: 401, body: { error: { code: "unauthorized" } } });
  expect(none.headers.get("www-authenticate")).toContain("Bearer");
  expect(await world.get(`/v1/whoami?access_token=${token}`, undefined)).toMatchObject({ status: 400 });
  const wrong = `${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`;
  const words = [wrong, "agw_0000000000000000_" + "A".repeat(43), "x", "a.b.c", "é", "x".repeat(5_000)];
  for (const word of words) {
    const answer = await world.get("/v1/whoami", undefined, { authorization: `Bearer ${encodeURI(word)}` });
    expect([word.slice(0, 60), answer.status]).toEqual([word.slice(0, 60), 401]);
  }
  let last = 0;
  for (let n = 0; n < 30 && last !== 429; n += 1) last = (await world.get("/v1/whoami", wrong)).status;
  expect(last).toBe(429);
});

test("a token is rotated and taken back, and what is open ends with it", async () => {
  await using world = await openWorld();
  const bob = await world.peer("bob");
  const first = await world.token("carol");
  expect((await world.get("/v1/whoami", first)).status).toBe(200);
  const second = await world.token("carol", { what: "rotate" });
  expect((await world.get("/v1/whoami", first)).status).toBe(401);
  expect((await world.get("/v1/whoami", second)).status).toBe(200);
  const stream = await fetch(`${world.url}/v1/events`, { headers: { authorization: `Bearer ${second}` } });
  const reading = stream.text();
  await bob.sees("carol");
  const env = { AGORA_HOME: world.home.path };
  must(await manageToken({ env, what: "revoke", name: "carol", room: ROOM, person: false }));
  expect((await world.get("/v1/whoami", second)).status).toBe(401);
  expect(await reading).toContain("event: end");
  await bob.sees("carol", false);
});

test("a grant of the room's root is a bearer, as far as it goes", async () => {
  await using world = await openWorld({
    async prepare(home) {
      const root = must(await createRoomRoot(home, ROOM));
      const { jwt } = must(await signGrant(home, { room: ROOM, grant: "member", sub: "resident" }));
      void jwt;
      return { rooms: new Map([[ROOM, root.key]]) };
    },
  });
  const { home } = world;
  // The resident learns the root's public half as everybody does: with the way in.
  const root = must(await createRoomRoot(home, ROOM));
  const origin = new URL(world.relay.url).origin;
  must(await saveToken(home, { origin, room: ROOM, token: "a-token-for-tests", root: root.key }));
  await world.stopResident();
  await world.startResident();
  const bob = await world.peer("bob");
  const now = Math.floor(Date.now() / 1000);
  const grant = async (wish: object): Promise<string> =>
    must(await signGrant(home, { room: ROOM, grant: "member", ...wish })).jwt;

  expect(
    (await world.post("/v1/say", await grant({ sub: "carol", exp: now + 60 }), { text: "with a grant" })).body,
  ).toMatchObject({ role: "agent" });
  await until("bob hears", async () => (await bob.texts()).includes("with a grant"));
  const observer = await grant({ sub: "olga", grant: "observer" });
  expect((await world.get("/v1/history", observer)).status).toBe(200);
  expect(await world.post("/v1/say", observer, { text: "no" })).toMatchObject({
    status: 403,
    body: { error: { code: "observer" } },
  });

  const expired = await grant({ sub: "carol", exp: now - 600 });
  const nameless = await grant({});
  const foreign = await grant({ sub: "carol", room: ROOM }).then((jwt) => `${jwt.slice(0, -4)}AAAA`);
  const bound = await grant({ sub: "carol", key: root.key });
  const none = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${Buffer.from(JSON.stringify({ room: ROOM, sub: "carol", grant: "member", jti: "12345678", iat: now })).toString("base64url")}.x`;
  for (const jwt of [expired, nameless, foreign, bound, none])
    expect((await world.get("/v1/whoami", jwt)).status).toBe(401);
});

test("nobody takes the name of another", async () => {
  await using world = await openWorld();
  const bob = await world.peer("bob");
  expect(await world.get("/v1/whoami", await world.token("resident"))).toMatchObject({ status: 409 });
  await bob.say("here I am");
  const token = await world.token("bob");
  await until("the gateway knows bob by his key", async () => (await world.get("/v1/whoami", token)).status === 409);
  expect(bob.room.connection().state).toBe("joined");
});

test("what is no request of ours is answered with one sentence, and nothing breaks", async () => {
  await using world = await openWorld();
  const token = await world.token("carol");
  const cases: readonly (readonly [string, unknown, number])[] = [
    ["/v1/say", "{", 400],
    ["/v1/say", "null", 400],
    ["/v1/say", "[]", 400],
    ["/v1/say", {}, 400],
    ["/v1/say", { text: 7 }, 400],
    ["/v1/say", { text: "" }, 400],
    ["/v1/say", { text: "x", to: "bob" }, 400],
    ["/v1/say", { text: "x", to: ["nobody-here"] }, 422],
    ["/v1/say", { text: "x", to: ["../../etc"] }, 422],
    ["/v1/say", { text: "x", thread: "zzzzzzzz" }, 404],
    ["/v1/say", { text: "x".repeat(1024 * 1024 + 1) }, 413],
    ["/v1/say", `"${"x".repeat(MAX_BODY_BYTES)}"`, 413],
    ["/v1/say", "[".repeat(200_000), 400],
    ["/v1/reject", { thread: "" }, 400],
    ["/v1/ack", { cursor: "-1" }, 400],
    ["/v1/ack", { cursor: 1.5 }, 400],
    ["/v1/ack", { cursor: "99999999999999999999" }, 400],
    ["/v1/whoami", {}, 405],
    ["/v1/nothing", {}, 404],
    ["/v1/__proto__", {}, 404],
    ["/v1/constructor", {}, 404],
    ["/elsewhere", {}, 404],
  ];
  for (const [path, body, status] of cases) {
    const answer = await world.post(path, token, body);
    expect([path, JSON.stringify(body).slice(0, 40), answer.status]).toEqual([
      path,
      JSON.stringify(body).slice(0, 40),
      status,
    ]);
    expect((answer.body as unknown as { error: { message: string } }).error.message).toMatch(/^[^\n]{5,300}$/);
  }
  for (const path of [
    "/v1/inbox?after=x",
    "/v1/inbox?limit=0",
    "/v1/inbox?limit=1e9",
    "/v1/wait?timeout=-1",
    "/v1/wait?timeout=9999",
    "/v1/events?after=x",
  ]) {
    expect([path, (await world.get(path, token)).status]).toEqual([path, 400]);
  }
  expect(
    (await world.post("/v1/say", token, "text=hello", { "content-type": "application/x-www-form-urlencoded" })).status,
  ).toBe(415);
  // A file's name is a file of the gateway's machine: it is not looked at.
  expect((await world.post("/v1/say", token, { text: "", file: "/etc/passwd" })).status).toBe(400);
  const filed = await world.post("/v1/say", token, { text: "look", file: "/etc/passwd" });
  expect(filed.body["file"]).toBeUndefined();
  expect(await world.get("/healthz", undefined)).toMatchObject({
    status: 200,
    body: { ok: true, rooms: 1, joined: 1 },
  });
});

test("bytes that are no HTTP end their own connection alone", async () => {
  await using world = await openWorld();
  const { hostname, port } = new URL(world.url);
  for (const bytes of [
    "\x16\x03\x01\0\0",
    "GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n",
    `GET /${"a".repeat(20_000)} HTTP/1.1\r\n\r\n`,
    "GET //\\\\ HTTP/1.1\r\nhost: x\r\n\r\n",
  ]) {
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname, () => socket.write(bytes));
      socket
        .on("error", () => undefined)
        .on("data", () => socket.end())
        .on("close", () => resolve());
    });
  }
  expect((await world.get("/healthz", undefined)).status).toBe(200);
});

test("one member's requests are paced, another's are not", async () => {
  await using world = await openWorld();
  const [carol, dora] = [await world.token("carol"), await world.token("dora")];
  // On a slow machine the pace may keep up with one round of requests.
  const refused = await until("one is refused", async () => {
    const answers = await Promise.all(Array.from({ length: 90 }, () => world.get("/v1/whoami", carol)));
    return answers.find((a) => a.status === 429);
  });
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await world.get("/v1/whoami", dora)).status).toBe(200);
});

test("streams are bounded for each member", async () => {
  await using world = await openWorld();
  const token = await world.token("carol");
  await world.get("/v1/whoami", token);
  const abort = new AbortController();
  const open = Array.from({ length: 18 }, () =>
    fetch(`${world.url}/v1/events`, { headers: { authorization: `Bearer ${token}` }, signal: abort.signal }),
  );
  const statuses = (await Promise.all(open)).map((r) => r.status).sort((a, b) => a - b);
  expect(statuses).toEqual([...Array.from({ length: 16 }, () => 200), 429, 429]);
  abort.abort();
});

test("no more members than the gateway keeps", async () => {
  await using world = await openWorld({ flags: { "max-members": "1" } });
  expect((await world.get("/v1/whoami", await world.token("carol"))).status).toBe(200);
  expect(await world.get("/v1/whoami", await world.token("dora"))).toMatchObject({
    status: 503,
    body: { error: { code: "full" } },
  });
});

test("a member nobody uses leaves, and comes back with its next request", async () => {
  await using world = await openWorld({ flags: { idle: "1s" } });
  const bob = await world.peer("bob");
  const token = await world.token("carol");
  await world.get("/v1/whoami", token);
  await until("she came, for a second only", () => bob.room.members.names().includes("carol"));
  await bob.sees("carol", false);
  await bob.say("while you were away", ["carol"]);
  await until("it waits and is there", async () =>
    JSON.stringify((await world.get("/v1/inbox", token)).body).includes("while you were away"),
  );
});
