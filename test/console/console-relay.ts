// A relay that serves the console for members: the one-file bundle, built of the sources as they are, run as people run it.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Page } from "playwright-core";
import { type Env, TestRelay } from "../test-users.ts";
import { ownPort } from "../own-port.ts";
import { RELAY_ENTRY } from "../program.ts";

/** The room's token: whoever finds it somewhere has found a leak. */
export const TOKEN = "the-token-of-this-room";

/** A folder of its own in which relays are run, for a test file. */
export class RelayFolder implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), "agora-relay-"));
  /** All that relays wrote. */
  log = "";

  /** Starts a relay with a console; on a given port, for the next life of one. */
  async start(options: { readonly port?: string; readonly env?: Env } = {}): Promise<TestRelay> {
    const { port = String(await ownPort()), env = {} } = options;
    const words = ["--json", "--console", "--port", port, "--token", TOKEN];
    const child = spawn(process.execPath, [RELAY_ENTRY, ...words], {
      cwd: this.folder,
      env: { PATH: process.env["PATH"] ?? "", AGORA_HOME: join(this.folder, "relay.home"), ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => (this.log += text));
    const lines = createInterface(child.stdout);
    const line = await new Promise<string>((resolve, reject) => {
      lines.once("line", resolve).once("close", () => reject(new Error(`the relay did not start: ${this.log}`)));
    });
    lines.on("line", (text) => (this.log += `${text}\n`));
    return new TestRelay(child, JSON.parse(line) as { url: string; key: string; hosts: string[] }, TOKEN);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Fills the form of a member's console in, and joins. */
export async function joinByForm(
  page: Page,
  relay: TestRelay,
  name: string,
  token = relay.token,
  stay = true,
): Promise<void> {
  await page.goto(consoleOf(relay));
  await page.getByLabel("Your name").fill(name);
  await page.getByLabel("Token or invite").fill(token);
  if (!stay) await page.getByLabel("Stay signed in").uncheck();
  await page.getByRole("button", { name: "Join" }).click();
  await page.getByRole("navigation", { name: "Views" }).waitFor();
}

/** Where a relay's console is. */
export function consoleOf(relay: TestRelay): string {
  return `${relay.url.replace(/^ws/, "http")}/console/`;
}
