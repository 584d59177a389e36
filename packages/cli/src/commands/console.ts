// `agora console`: asks the hub to serve the web console, and opens it in the person's browser at this project's room.
import { spawn } from "node:child_process";
import { type Answer, type CommandContext, viaOfShell } from "@agora/commands";
import { screenEnv } from "@agora/user-config";
import { openHub, type OpenConsoleResult } from "@agora/ipc";
import { fail, ok, type Result } from "@agora/protocol";
import { writeLoginRedirect } from "../login-redirect.ts";
import { withCommandContext } from "../command-context.ts";
import { type ExitCode, print, printFailure, printJson, type Start } from "../terminal.ts";
import { VERSION } from "../version.ts";

/** Prints the one-time address of the console, and opens it unless `browser` is false. */
export async function openWebConsole(
  start: Start,
  flags: { readonly json: boolean; readonly project?: string | undefined; readonly browser: boolean },
): Promise<ExitCode> {
  const answer = await withCommandContext(start, flags.project, async (around, open) => {
    const client = await open();
    if (!client.ok) return client;
    const asked = await askHub({ ...around, via: viaOfShell(start.env) });
    if (!asked.ok) return asked;
    const { url } = asked.value;
    const opener = flags.browser ? openerOf(process.platform, start.env) : undefined;
    const door = opener === undefined ? undefined : await writeLoginRedirect(around.home, around.project, url);
    return ok({ url, opener, door });
  });
  if (!answer.ok) return printFailure(answer, flags.json);
  const { url, opener, door } = answer.value;
  const opened =
    opener !== undefined && door?.ok === true && (await launch(opener[0], [...opener[1], door.value], start.env));
  if (flags.json) printJson({ url, opened });
  else if (opened)
    print("The console opens in your browser. If it doesn't, open this address (good once, for two minutes):", url);
  else print(OPEN_IT, url);
  return 0;
}

const OPEN_IT = "Open this address in your browser (good once, for two minutes):";

/**
 * Typed in a session: only prints the address, since the person who sees that session may not be at this machine's screen.
 */
export async function consoleInSession(words: readonly string[], around: CommandContext): Promise<Answer> {
  if (words.length > 0) return fail("usage", "console takes no more words here.");
  const daemon = await around.daemon();
  if (!daemon.ok) return daemon;
  const asked = await askHub(around);
  return asked.ok ? { ok: true, data: asked.value, lines: [OPEN_IT, asked.value.url] } : asked;
}

/** Asks the hub, which is started if needed, for an address that opens a project's room. */
async function askHub({
  home,
  project,
  env,
  entry: bundle,
  via,
}: Pick<CommandContext, "home" | "project" | "env" | "entry" | "via">): Promise<Result<OpenConsoleResult>> {
  if (bundle === undefined)
    return fail("not-allowed", "The console can't be opened from here: type agora console in a terminal.");
  const hub = await openHub({ home, version: VERSION, bundle, env, byPerson: via === "cli" });
  if (!hub.ok) return hub;
  try {
    return await hub.value.request("openConsole", { via, project });
  } finally {
    hub.value.close();
  }
}

/**
 * The program that opens an address here. It gets the address as an argument, which everybody on this machine can read.
 * Undefined where there is no screen.
 */
function openerOf(platform: NodeJS.Platform, env: Start["env"]): readonly [string, readonly string[]] | undefined {
  if (platform === "darwin") return ["open", []];
  if (platform === "win32") return ["rundll32", ["url.dll,FileProtocolHandler"]];
  const hasScreen = (env["DISPLAY"] ?? "") !== "" || (env["WAYLAND_DISPLAY"] ?? "") !== "";
  return hasScreen ? ["xdg-open", []] : undefined;
}

function launch(program: string, words: readonly string[], env: Start["env"]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, words, { stdio: "ignore", detached: true, env: screenEnv(env) });
    child.once("error", () => resolve(false));
    child.once("spawn", () => {
      child.unref();
      resolve(true);
    });
  });
}
