// The relay of a run: a real process that can be killed and started again at the same port.
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ownPort } from "../own-port.ts";

/** What lets anybody in. */
export const TOKEN = "a-token-of-the-soak";
/** A relay that can be killed and started again at the same port. */
export class SoakRelay {
  readonly port: number;
  readonly #entry: string;
  readonly #cwd: string;
  #child: ChildProcess | undefined;

  private constructor(port: number, entry: string, cwd: string) {
    this.port = port;
    this.#entry = entry;
    this.#cwd = cwd;
  }

  static async open(entry: string, cwd: string): Promise<SoakRelay> {
    const relay = new SoakRelay(await ownPort(), entry, cwd);
    await relay.start();
    return relay;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async start(): Promise<void> {
    this.#child = await SoakRelay.#launch(this.#entry, this.#cwd, this.port);
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGCONT");
    child.kill(signal);
    await gone;
  }

  static async #launch(entry: string, cwd: string, port: number): Promise<ChildProcess> {
    const rates = ["--rate-user", "2000,500", "--rate-agent", "2000,500"];
    const words = ["relay", "--json", "--log-level", "silent", "--port", String(port), ...rates];
    const env = { PATH: process.env["PATH"] ?? "", AGORA_TOKEN: TOKEN, AGORA_HOME: join(cwd, "relay.home") };
    const child = spawn(process.execPath, [entry, ...words], { cwd, env, stdio: ["ignore", "pipe", "ignore"] });
    await new Promise<string>((resolve, reject) => {
      createInterface(child.stdout)
        .once("line", resolve)
        .once("close", () => reject(new Error("the relay did not start")));
    });
    return child;
  }
}
