// The context of a command typed in a terminal: which home, which project, which via, and its daemon.
import { existsSync, realpathSync, statSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import { type CommandContext, viaOfShell } from "@agora/commands";
import { findProject, type Home, type Place } from "@agora/user-config";
import { askAgain, type Client, findDaemon, openDaemon } from "@agora/ipc";
import { fail, ok, type Result } from "@agora/protocol";
import { chooseAsk } from "./ask.ts";
import { choosePaint } from "./paint.ts";
import { readInput } from "./read-input.ts";
import { terminalHome } from "./terminal-home.ts";
import type { Start } from "./terminal.ts";
import { VERSION } from "./version.ts";

/** The intended project: `--project DIR`, or the one around the current directory. */
export function findProjectPath(start: Start, home: Home, project: string | undefined): Result<Place> {
  const dir = project === undefined || isAbsolute(project) ? (project ?? start.cwd) : resolve(start.cwd, project);
  if (project === undefined && !existsSync(dir))
    return fail("no-directory", "The folder this was started in is not there any more: cd into one that is.");
  try {
    if (!statSync(dir).isDirectory()) return fail("usage", `--project names no folder: ${dir}`);
  } catch {
    return fail("usage", `--project names no folder: ${dir}`);
  }
  const place = findProject(home, dir);
  // A named folder means itself, unless a listed project contains it.
  if (!place.ok || project === undefined || place.value.project !== undefined) return place;
  return ok({ path: realpathSync(dir) });
}

/** Runs `work` with this terminal's context, and closes afterwards whatever it opened. */
export async function withCommandContext<T>(
  start: Start,
  project: string | undefined,
  work: (around: CommandContext, open: () => Promise<Result<Client>>) => Promise<T>,
  looks?: boolean,
): Promise<T | Extract<Result<never>, { ok: false }>> {
  const found = terminalHome(start);
  if (!found.ok) return found;
  const home = found.value;
  const place = findProjectPath(start, home, project);
  if (!place.ok) return place;
  const { path } = place.value;
  const opened: Client[] = [];
  const keep = (client: Result<Client>): Result<Client> => {
    if (client.ok) opened.push(client.value);
    return client;
  };
  const where = { home, project: path, version: VERSION };
  const via = viaOfShell(start.env, looks);
  const openOne = async (renew: boolean): ReturnType<typeof openDaemon> => {
    const client = await openDaemon({ ...where, bundle: start.entry, env: start.env, byPerson: via === "cli", renew });
    keep(client);
    return client;
  };
  const open = async (renew: boolean): ReturnType<typeof openDaemon> => {
    const client = await openOne(renew);
    if (!client.ok) return client;
    return ok({ ...client.value, request: askAgain(client.value, () => openOne(false)) });
  };
  const daemon = (): Promise<Result<Client>> => open(false);
  try {
    return await work(
      {
        via,
        project: path,
        cwd: start.cwd,
        env: start.env,
        home,
        version: VERSION,
        now: Date.now,
        daemon,
        running: async () => keep(await findDaemon(where)),
        renew: () => open(true),
        entry: start.entry,
        prefix: "agora ",
        paint: await choosePaint(start.env, process.stdout.isTTY),
        ask: chooseAsk(start.env),
        terminal: {
          input: readInput,
          warn: (sentence) => void process.stderr.write(`${sentence}\n`),
          columns: start.env["TERM"] === "dumb" ? undefined : process.stderr.columns,
        },
      },
      daemon,
    );
  } finally {
    for (const client of opened) client.close();
  }
}
