// Networks of companies and hotels: a real proxy, an own certificate authority, a captive portal. The proxy is tinyproxy of
// Debian; where it is not installed its tests are left out, but for the project's own gate.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ownPort } from "../own-port.ts";
import { Town, until } from "../test-users.ts";

const root = mkdtempSync(join(tmpdir(), "agora-proxy-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const at = (name: string): string => join(root, name);

const hasProxy = spawnSync("tinyproxy", ["-v"]).status === 0;
const isGate = process.env["CI"] !== undefined;
if (!hasProxy && !isGate) console.log("Left out: tests with a real proxy (apt-get install tinyproxy).");

function openssl(...args: readonly string[]): void {
  const { status, stderr } = spawnSync("openssl", args, { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
}

// An own authority, and a certificate of localhost by it.
openssl(
  "req",
  "-x509",
  "-newkey",
  "ec",
  "-pkeyopt",
  "ec_paramgen_curve:P-256",
  "-nodes",
  "-days",
  "2",
  "-subj",
  "/CN=test authority",
  "-keyout",
  "ca.key",
  "-out",
  "ca.pem",
);
openssl(
  "req",
  "-newkey",
  "ec",
  "-pkeyopt",
  "ec_paramgen_curve:P-256",
  "-nodes",
  "-subj",
  "/CN=localhost",
  "-keyout",
  "relay.key",
  "-out",
  "relay.csr",
);
writeFileSync(at("san"), "subjectAltName=DNS:localhost,IP:127.0.0.1\n");
openssl(
  "x509",
  "-req",
  "-in",
  "relay.csr",
  "-CA",
  "ca.pem",
  "-CAkey",
  "ca.key",
  "-CAcreateserial",
  "-days",
  "2",
  "-extfile",
  "san",
  "-out",
  "relay.pem",
);
const TLS = ["--cert", at("relay.pem"), "--key", at("relay.key")];
const TRUST = { NODE_EXTRA_CA_CERTS: at("ca.pem") };

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  const answered = await once(socket, "connect").then(
    () => true,
    () => false,
  );
  socket.destroy();
  return answered;
}

/** A running tinyproxy; `log` tells what went through it. */
async function openProxy(allowed: string): Promise<AsyncDisposable & { readonly url: string; log(): string }> {
  const port = await ownPort();
  const [config, log] = [at(`proxy-${port}.conf`), at(`proxy-${port}.log`)];
  const lines = [
    `Port ${port}`,
    "Listen 127.0.0.1",
    "Timeout 600",
    `LogFile "${log}"`,
    "LogLevel Connect",
    "MaxClients 20",
  ];
  writeFileSync(config, [...lines, `Allow ${allowed}`, ""].join("\n"));
  const child: ChildProcess = spawn("tinyproxy", ["-d", "-c", config], { stdio: "ignore" });
  await until("the proxy", () => isListening(port));
  return {
    url: `http://127.0.0.1:${port}`,
    log: () => readFileSync(log, "utf8"),
    async [Symbol.asyncDispose]() {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}

describe.runIf(hasProxy || isGate)("a company's proxy", () => {
  test("HTTPS_PROXY carries the connection, to a relay with a certificate of an own authority", async () => {
    await using town = new Town();
    await using proxy = await openProxy("127.0.0.1");
    const relay = await town.relay(TLS);
    const url = `wss://localhost:${relay.port}`;
    const alice = town.person("alice", undefined);
    const env = { ...TRUST, HTTPS_PROXY: proxy.url, AGORA_TOKEN: relay.token };
    const started = await alice.type(["start", "-n", "alice", "--relay", url], env);
    expect(started.err).toBe("");
    await until("it stands in the proxy's log", () => proxy.log().includes(`CONNECT localhost:${relay.port}`));
  });

  test("NO_PROXY goes past it", async () => {
    await using town = new Town();
    await using proxy = await openProxy("127.0.0.1");
    const relay = await town.relay(TLS);
    const alice = town.person("alice", undefined);
    const env = { ...TRUST, HTTPS_PROXY: proxy.url, NO_PROXY: "localhost", AGORA_TOKEN: relay.token };
    expect((await alice.type(["start", "-n", "alice", "--relay", `wss://localhost:${relay.port}`], env)).err).toBe("");
    expect(proxy.log()).not.toContain("CONNECT localhost");
  });

  test("a proxy that refuses: one sentence that names it", async () => {
    await using town = new Town();
    await using proxy = await openProxy("192.0.2.1");
    const relay = await town.relay(TLS);
    const alice = town.person("alice", undefined);
    const env = { ...TRUST, HTTPS_PROXY: proxy.url, AGORA_TOKEN: relay.token };
    const refused = await alice.type(["start", "-n", "alice", "--relay", `wss://localhost:${relay.port}`], env);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain(`HTTP 403: the proxy ${new URL(proxy.url).host} does not let us through`);
  });
});

describe("certificates", () => {
  test("caFile in the settings is believed besides what the system knows; without it the relay is not", async () => {
    await using town = new Town();
    const relay = await town.relay(TLS);
    const alice = town.person("alice", undefined);
    const words = ["start", "-n", "alice", "--relay", `wss://localhost:${relay.port}`];
    const refused = await alice.type(words, { AGORA_TOKEN: relay.token });
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/certificate.*caFile/);
    writeFileSync(join(alice.home, "settings.json"), JSON.stringify({ caFile: at("ca.pem") }), { mode: 0o600 });
    expect((await alice.type(words, { AGORA_TOKEN: relay.token })).err).toBe("");
  });
});

describe("a captive portal", () => {
  test.each([
    ["302", 302],
    ["200", 200],
  ])("that answers %s to everything: one sentence, and no token is sent", async (_, status) => {
    await using town = new Town();
    const heard: string[] = [];
    const portal = createHttpsServer({ cert: readFileSync(at("relay.pem")), key: readFileSync(at("relay.key")) });
    const answer = (status: number): string =>
      `HTTP/1.1 ${status} Portal\r\nLocation: https://portal.example/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`;
    portal.on("secureConnection", (socket) =>
      socket.on("data", (bytes: Buffer) => heard.push(bytes.toString("latin1"))),
    );
    portal.on("upgrade", (_request, socket) => socket.end(answer(status)));
    portal.listen(0, "127.0.0.1");
    await once(portal, "listening");
    const { port } = portal.address() as AddressInfo;
    const alice = town.person("alice", undefined);
    const env = { ...TRUST, AGORA_TOKEN: "a-secret-that-must-not-leave" };
    const refused = await alice.type(["start", "-n", "alice", "--relay", `wss://localhost:${port}`], env);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain(
      `HTTP ${status} instead of the relay: something on the way answered, sign in to this network`,
    );
    expect(heard.join("")).not.toContain("a-secret-that-must-not-leave");
    portal.closeAllConnections();
    portal.close();
  });
});
