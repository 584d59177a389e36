// `agora install [CLIENT]`: adds our entry to a client's configuration, after showing the change and asking; or removes it
// again. Nothing is trusted or approved on the person's behalf.
import { existsSync } from "node:fs";
import { readText } from "@agora/ports/read-text";
import { type Failure, harmlessLine, type Result } from "@agora/protocol";
import { fail, findHome, userFolder } from "@agora/user-config";
import {
  AGENTS_MD,
  carryOut,
  type Client,
  CLIENTS,
  findClient,
  type Installer,
  pasteSentence,
  type Plan,
  planInstall,
  planUninstall,
  showChange,
  type World,
} from "@agora/install";
import { askYes } from "../ask.ts";
import { keptBundle } from "../kept-bundle.ts";
import { type ExitCode, print, printFailure, printJson, type Start } from "../terminal.ts";

/** The options as commander parsed them. */
export interface InstallFlags {
  readonly list?: boolean;
  readonly uninstall?: boolean;
  readonly dryRun?: boolean;
  readonly name?: string;
  readonly yes?: boolean;
  readonly agentsMd?: boolean;
  readonly paste?: boolean;
  readonly json?: boolean;
}

const NAME = /^[a-z][a-z0-9_-]{0,30}$/i;

/** Does what the flags say. */
export async function install(start: Start, name: string | undefined, flags: InstallFlags): Promise<ExitCode> {
  const json = flags.json === true;
  const world: World = {
    env: start.env,
    homedir: userFolder(start.env),
    platform: process.platform,
    exists: existsSync,
    read,
  };
  if (flags.agentsMd === true) return printed(AGENTS_MD.trimEnd());
  if (flags.paste === true) return printed(pasteSentence(`node ${start.entry}`));
  const server = flags.name ?? "agora";
  if (!NAME.test(server))
    return printFailure(fail("usage", "--name needs a plain word: letters, digits, - and _."), json);
  if (name === "shell") return (await import("./install-shell.ts")).installShell(start, flags);
  if (flags.list === true || name === undefined) return list(world, server, json);
  const client = findClient(name);
  if (client === undefined) {
    const known = CLIENTS.map((one) => one.name).join(", ");
    return printFailure(
      fail("usage", `install knows no client "${harmlessLine(name, 40)}", only ${known}; and shell.`),
      json,
    );
  }
  const done = await change(start, { client, world, home: findHome(start.env), name: server }, flags);
  if (!done.ok) return printFailure(done, json);
  if (json) printJson(done.value);
  return 0;
}

function read(path: string): string | undefined {
  try {
    return readText(path);
  } catch {
    return undefined;
  }
}

function printed(text: string): ExitCode {
  print(text);
  return 0;
}

function list(world: World, server: string, json: boolean): ExitCode {
  const rows = CLIENTS.map((client) => {
    const file = client.file(world);
    const text = read(file) ?? "";
    return {
      client: client.name,
      title: client.title,
      file,
      present: client.present(world),
      installed: text !== "" && client.has(text, server),
    };
  });
  if (json) printJson(rows);
  else
    for (const { client, title, file, present, installed } of rows)
      print(
        `${client.padEnd(9)} ${title.padEnd(12)} ${installed ? "installed" : present ? "here" : "not here"}  ${file}`,
      );
  return 0;
}

interface Done {
  readonly client: string;
  readonly file: string;
  readonly changed: boolean;
  readonly written: boolean;
}

async function change(start: Start, installer: Installer, flags: InstallFlags): Promise<Result<Done> | Failure> {
  const { client } = installer;
  const plan = planned(start, installer, flags);
  if (!plan.ok) return plan;
  const { path, before, after } = plan.value;
  const changed = before !== after;
  const done = (written: boolean): Result<Done> => ({
    ok: true,
    value: { client: client.name, file: path, changed, written },
  });
  const say = (...lines: string[]): void => {
    if (flags.json !== true) print(...lines);
  };
  if (!changed) {
    say(flags.uninstall === true ? `${path} has nothing of Agora.` : `${path} has Agora's entry already.`);
    return done(false);
  }
  say(...showChange(path, before, after));
  if (flags.dryRun === true) return done(false);
  if (flags.yes !== true) {
    const yes = await askYes(start.env, `Write this to ${path}?`);
    if (yes === undefined) return fail("usage", "Nothing was written: run it again with --yes to write this.");
    if (!yes) return fail("refused", "Nothing was written.");
  }
  const written = await carryOut(plan.value, installer, flags.uninstall !== true);
  if (!written.ok) return written;
  say(...closing(client, flags));
  return done(true);
}

function planned(start: Start, installer: Installer, flags: InstallFlags): Result<Plan> {
  if (flags.uninstall === true) return planUninstall(installer);
  const bundle = keptBundle(installer.home, start.entry, flags.dryRun !== true);
  return bundle.ok ? planInstall(installer, { command: "node", bundle: bundle.value }) : bundle;
}

function closing({ title, next }: Client, { uninstall }: InstallFlags): string[] {
  return uninstall === true ? [`Agora was removed from ${title}.`] : [`Agora is in ${title} now.`, next];
}
