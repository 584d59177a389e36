// A relay as a server and as a program: TLS, pages, reload, signals, closing.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateKeyPair } from "@agora/ports";
import { memoryLog } from "@agora/ports/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ownPort } from "../../test/own-port.ts";
import { type RelayIo, runRelay } from "../src/run.ts";
import { grant, openRelay, RawMember, textOf, TOKEN } from "./raw-member.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "agora-relay-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function certificate(name: string): { certFile: string; keyFile: string; cert: string } {
  const [certFile, keyFile] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  const subject = ["-subj", `/CN=${name}`, "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
  execFileSync("openssl", ["req", "-x509", ...kind, "-keyout", keyFile, "-out", certFile, ...subject], {
    stdio: "ignore",
  });
  return { certFile, keyFile, cert: readFileSync(certFile, "utf8") };
}

test("with a certificate it speaks wss and https, and reads it again on reload", async () => {
  const { certFile, keyFile, cert } = certificate("one");
  await using relay = await openRelay({ tls: { certFile, keyFile } });
  expect(relay.url).toBe(`wss://127.0.0.1:${relay.port}`);
  using alice = await RawMember.join(relay, { name: "alice", ca: cert });
  using bob = await RawMember.join(relay, { name: "bob", ca: cert });
  const text = "x".repeat(300_000);
  await alice.say(text);
  expect(textOf(await bob.next("event"))).toBe(text);
  const next = certificate("two");
  writeFileSync(certFile, next.cert);
  writeFileSync(keyFile, readFileSync(next.keyFile));
  relay.reload();
  expect(await statusOverTls(relay.port, next.cert)).toBe(200);
});

test("files that can't be read are named in one sentence", async () => {
  await expect(openRelay({ tls: { certFile: join(folder, "none"), keyFile: "none" } })).rejects.toThrow(
    /none can't be read \(ENOENT\)/,
  );
  await expect(openRelay({ revokedFile: join(folder, "none") })).rejects.toThrow(/ENOENT/);
  await using relay = await openRelay();
  await expect(openRelay({ port: relay.port })).rejects.toThrow(
    `can't listen on 127.0.0.1:${relay.port}: another program`,
  );
});

test("a revoked grant opens nothing, and closes who is here at the next reload [GRANT-4] [GRANT-5]", async () => {
  const root = generateKeyPair();
  const revokedFile = join(folder, "revoked");
  writeFileSync(revokedFile, "# ids of revoked grants\n\nfirst-one # a lost laptop\n");
  await using relay = await openRelay({ rooms: new Map([["lobby", root.key]]), revokedFile });
  using lost = await RawMember.open(relay, { name: "lost" });
  lost.send({ type: "join", room: "lobby", token: grant(root, { room: "lobby", jti: "first-one" }) });
  expect((await lost.closed).reason).toMatch(/revoked/);
  using alice = await RawMember.join(
    relay,
    { name: "alice" },
    { token: grant(root, { room: "lobby", jti: "second-one" }) },
  );
  using bob = await RawMember.join(relay, { name: "bob" });
  writeFileSync(revokedFile, "first-one\nsecond-one\n");
  relay.reload();
  expect(await alice.closed).toMatchObject({ code: 1008 });
  expect(await bob.say("still here")).toMatchObject({ type: "stamped" });
});

test("the pages: health for all, metrics for this machine [HTTP-1]", async () => {
  await using relay = await openRelay();
  using alice = await RawMember.join(relay, { name: "alice" });
  using bob = await RawMember.join(relay, { name: "bob" });
  await alice.say("hello");
  await bob.next("event");
  const base = `http://127.0.0.1:${relay.port}`;
  const health = await fetch(`${base}/healthz`);
  expect([health.status, await health.json()]).toEqual([200, { status: "ok", rooms: 1, members: 2, version: "0.1.0" }]);
  const metrics = await (await fetch(`${base}/metrics`)).text();
  for (const line of [
    'agora_frames_in_total{type="post"} 1',
    'agora_frames_out_total{type="event"} 1',
    "agora_deliveries_total 1",
    "agora_connections 2",
    "agora_members 2",
    "agora_rooms 1",
    "agora_unsent_bytes 0",
  ]) {
    expect(metrics).toContain(line);
  }
  expect(metrics).toContain("process_cpu_seconds_total");
  expect((await fetch(`${base}/metrics`, { headers: { "x-forwarded-for": "192.0.2.1" } })).status).toBe(404);
  expect((await fetch(`${base}/nothing`)).status).toBe(404);
  expect((await fetch(`${base}/healthz`, { method: "POST" })).status).toBe(405);
  expect((await fetch(`${base}/ws`)).status).toBe(426);
  expect((await fetch(base)).status).toBe(426);
  const page = await fetch(base, { headers: { accept: "text/html,*/*;q=0.8" } });
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("This is an Agora relay")]);
});

test("metrics can be closed, or open to all", async () => {
  await using closed = await openRelay({ metrics: "off" });
  expect((await fetch(`http://127.0.0.1:${closed.port}/metrics`)).status).toBe(404);
  await using open = await openRelay({ metrics: "on" });
  const headers = { "x-forwarded-for": "192.0.2.1" };
  expect((await fetch(`http://127.0.0.1:${open.port}/metrics`, { headers })).status).toBe(200);
});

test("the log has names and codes, never a text or a token", async () => {
  const log = memoryLog();
  const root = generateKeyPair();
  const token = grant(root, { room: "lobby" });
  {
    await using relay = await openRelay({ rooms: new Map([["lobby", root.key]]) }, { log });
    using alice = await RawMember.join(relay, { name: "alice" }, { token, facts: { status: "secret-status" } });
    await alice.say("secret-text");
    using bob = await RawMember.open(relay, { name: "bob" });
    bob.send({ type: "join", room: "lobby", token: "secret-token" });
    await bob.closed;
  }
  const text = JSON.stringify(log.lines);
  for (const word of ["joined", "join refused", "closed", "stopped", "alice", "lobby"]) expect(text).toContain(word);
  for (const secret of ["secret", token, TOKEN]) expect(text).not.toContain(secret);
});

test("closing sends what is written, then 1001 to all, and ends in bounded time even with a dead reader [CLOSE-5]", async () => {
  const relay = await openRelay({ port: await ownPort() }); // nobody else answers there afterwards
  using alice = await RawMember.join(relay, { name: "alice" });
  using bob = await RawMember.join(relay, { name: "bob" });
  using dead = await RawMember.join(relay, { name: "dead" });
  dead.socket.pause();
  await alice.say("the last word");
  const closed = relay.close();
  expect(relay.close()).toBe(closed);
  expect(textOf(await bob.next("event"))).toBe("the last word");
  expect((await alice.closed).code).toBe(1001);
  expect((await bob.closed).code).toBe(1001);
  await closed;
  await expect(fetch(`http://127.0.0.1:${relay.port}/healthz`)).rejects.toThrow("fetch failed");
});

/** Runs a relay as a program whose signals and output are in the test's hands. */
function program(flags: Record<string, string | boolean>, env: Record<string, string> = {}) {
  const lines: string[] = [];
  const errors: string[] = [];
  const handlers = new Map<string, () => void>();
  let ready!: () => void;
  const started = new Promise<void>((resolve) => {
    ready = resolve;
  });
  const io: RelayIo = {
    out: (line) => {
      lines.push(line);
      ready();
    },
    err: (line) => void errors.push(line),
    on(signal, heard) {
      handlers.set(signal, heard);
      return () => void handlers.delete(signal);
    },
    atHangup: () => "reload",
  };
  const exit = runRelay({ "log-level": "silent", ...flags }, env, io);
  return { lines, errors, started, exit, handlers, signal: (name: string) => handlers.get(name)?.() };
}

test("on this machine it makes a token and says how to join; SIGTERM ends it", async () => {
  const run = program({ port: "0", json: true });
  await run.started;
  const { url, token, pid } = JSON.parse(run.lines[0]!) as { url: string; token: string; pid: number };
  expect(pid).toBe(process.pid);
  const alice = await RawMember.open({ url }, { name: "alice" });
  alice.send({ type: "join", room: "lobby", token });
  expect((await alice.next("joined")).name).toBe("alice");
  run.signal("SIGHUP");
  expect(await alice.say("still here")).toMatchObject({ type: "stamped" });
  run.signal("SIGTERM");
  expect((await alice.closed).code).toBe(1001);
  expect(await run.exit).toBe(0);
  expect(run.handlers.size).toBe(0);
});

test("for people it prints the line to join with; a configured token is not printed", async () => {
  const made = program({ port: "0" });
  await made.started;
  expect(made.lines[1]).toMatch(
    /AGORA_TOKEN=[\w-]{32} agora start -n NAME --relay ws:\/\/127\.0\.0\.1:\d+ --room lobby/,
  );
  made.signal("SIGINT");
  expect(await made.exit).toBe(0);
  const given = program({ port: "0", token: "given-token" });
  await given.started;
  expect(given.lines.join("\n")).not.toContain("given-token");
  given.signal("SIGINT");
  await given.exit;
  const open = program({ port: "0", host: "0.0.0.0", token: "given-token" });
  await open.started;
  expect(open.lines).toEqual([expect.stringMatching(/^The relay listens on 0\.0\.0\.0:\d+\. .*AGORA_PUBLIC_URL/)]);
  open.signal("SIGINT");
  await open.exit;
});

test("what it refuses costs one sentence and an exit code", async () => {
  const open = program({ host: "0.0.0.0" });
  expect([await open.exit, open.errors]).toEqual([1, [expect.stringMatching(/^Without a token .*\.$/)]]);
  const wrong = program({ port: "x" });
  expect([await wrong.exit, wrong.errors.length]).toEqual([2, 1]);
  const missing = program({ port: "0", "revoked-file": join(folder, "missing") });
  expect([await missing.exit, missing.errors]).toEqual([1, [expect.stringContaining("ENOENT")]]);
});

function statusOverTls(port: number, ca: string): Promise<number> {
  return new Promise((resolve, reject) => {
    httpsRequest({ host: "127.0.0.1", port, path: "/healthz", ca, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on("error", reject)
      .end();
  });
}
