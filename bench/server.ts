// Starts what is measured, each as a process of its own on the same node, bundled the same way.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** A server under load. */
export interface Server extends AsyncDisposable {
  readonly port: number;
  readonly pid: number;
  /** What the relay under test wants in a join. */
  readonly token: string;
}

// Both servers give back all that they don't hold when they are told to, as an idle one does after a while: so what
// connections hold is compared, and not when garbage is collected.
const COLLECT =
  "data:text/javascript,process.on('SIGUSR2',()=>{for(let i=0;i<3;i++)gc({type:'major',execution:'sync',flavor:'last-resort'})})";

/** The relay under test: limits of rate off, so that the relay is measured and not its brakes. */
export function startAgora(...flags: string[]): Promise<Server> {
  const rates = ["--rate-agent", "off", "--rate-user", "off"];
  return startNode("../relay-server/src/main.ts", [
    "--port",
    "0",
    "--json",
    "--log-level",
    "silent",
    ...rates,
    ...flags,
  ]);
}

/** The reference. */
export function startPlain(): Promise<Server> {
  return startNode("./plain-relay.ts", []);
}

/** The reference for files. */
export function startPiping(): Promise<Server> {
  return startNode("./piping-relay.ts", []);
}

async function startNode(entry: string, args: readonly string[]): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), "agora-bench-"));
  const outfile = join(folder, "server.mjs");
  await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    logLevel: "error",
  });
  const child = spawn(process.execPath, ["--expose-gc", "--import", COLLECT, outfile, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { PATH: process.env["PATH"] },
  });
  const line = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once("line", resolve);
    child.once("exit", (code) => reject(new Error(`The server ended with ${code} before it was ready.`)));
  });
  const { url, token } = JSON.parse(line) as { url: string; token?: string };
  return server(child, Number(new URL(url).port), token ?? "", () => rmSync(folder, { recursive: true, force: true }));
}

/** NATS, or why it can't be started. */
export async function startNats(): Promise<Server | string> {
  const port = await freePort();
  return startProgram("nats-server", ["-a", "127.0.0.1", "-p", String(port)], port, "Server is ready");
}

/** Redis, or why it can't be started. */
export async function startRedis(): Promise<Server | string> {
  const port = await freePort();
  const flags = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--client-output-buffer-limit"];
  const unbounded = [...flags, "pubsub 0 0 0"];
  return startProgram("redis-server", ["--port", String(port), ...unbounded], port, "Ready to accept connections");
}

/** A server of the system's, ready when it says so, or why it can't be started. */
async function startProgram(
  name: string,
  args: readonly string[],
  port: number,
  ready: string,
): Promise<Server | string> {
  const child = spawn(name, args, { stdio: ["ignore", "pipe", "pipe"] });
  const started = await new Promise<true | string>((resolve) => {
    child.once("error", () => resolve(`${name} is not installed (apt-get install ${name})`));
    child.once("exit", (code) => resolve(`${name} ended with ${code}`));
    for (const stream of [child.stdout, child.stderr])
      createInterface(stream).on("line", (line) => line.includes(ready) && resolve(true));
  });
  return started === true ? server(child, port, "") : started;
}

function server(child: ChildProcess, port: number, token: string, clean: () => void = () => undefined): Server {
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return {
    port,
    token,
    pid: child.pid!,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await exited;
      clean();
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

/** The resident memory of a process after it gave back what it could, bytes; Linux only. */
export async function residentBytes(pid: number): Promise<number> {
  process.kill(pid, "SIGUSR2");
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(match?.[1]) * 1024;
}
