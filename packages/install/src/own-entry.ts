// A server entry of ours in the user's own configuration of a client, by which a session joins without anybody typing `start`. What a
// project brings is never read: its values may be the same, but then they are the user's own.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Env, type Home, isMarked, readPrivate, userFolder } from "@agora/user-config";
import { isOurs, type World } from "./client.ts";
import { findClient } from "./clients.ts";
import { FOLDER as NOTES, realPath } from "./installation.ts";

/** A server's entry in a client's file. */
export interface ServerEntry {
  readonly words: readonly unknown[];
  /** The environment that the entry gives its server. */
  readonly env: unknown;
}

/** Our entry in the user's own file. */
export interface OwnEntry {
  /** The file. */
  readonly path: string;
  /** The AGORA_ variables that stand there; all of them are the user's words. */
  readonly env: Readonly<Record<string, string>>;
}

/** Without one of them an entry joins nothing. */
const JOINING = ["AGORA_TOKEN", "AGORA_RELAY_URL"];
/** Where Agora's own folder is decides whom we believe: it is not a setting of a member. */
const NOT_OURS = new Set(["AGORA_HOME"]);
/** Clients fill such in from an environment, which may be the project's. */
const FILLED_IN = /\$\{|\{env:|\$[A-Z_]/;

/** Whose entry is looked for. */
export interface EntrySearch {
  /** The client's name, as `agora install` has it. */
  readonly client: string;
  /** The process's environment. */
  readonly env: Env;
  readonly home: Home;
  /** The session's folder: some clients keep entries for one folder in the user's file. */
  readonly project: string;
  readonly platform?: NodeJS.Platform;
  /** The user's folder by the system's own record. */
  readonly account?: string;
}

/**
 * The user's own entry that this process was started by; undefined if there is none, if it joins nothing, or if the process was given
 * other values than stand there.
 */
export function findOwnEntry(options: EntrySearch): OwnEntry | undefined {
  const { env, home, project, platform = process.platform, account = userFolder({}) } = options;
  const client = findClient(options.client);
  if (client?.entries === undefined || !JOINING.some((name) => env[name])) return undefined;
  const path = ownFile(client, { env, home, platform, account });
  const text = read(path);
  if (text === undefined) return undefined;
  for (const { words, env: given } of client.entries(text, project)) {
    const own = variablesOf(given);
    const isJoining = JOINING.some((name) => own?.[name] !== undefined);
    if (own === undefined || !isOurs(words) || !isJoining) continue;
    if (Object.entries(own).every(([name, value]) => env[name] === value)) return { path, env: own };
  }
  return undefined;
}

/**
 * The client's file of this user: one that the user had Agora write to, else the account's. Where else the environment says that it is
 * counts for nothing, since that may be the project's word.
 */
function ownFile(
  client: { readonly name: string; readonly file: (world: World) => string },
  { env, home, platform, account }: Required<Pick<EntrySearch, "env" | "home" | "platform" | "account">>,
): string {
  const world = { platform, homedir: account, exists: existsSync, read: () => undefined };
  const named = client.file({ ...world, env });
  return notedFiles(client.name, home).includes(realPath(named)) ? named : client.file({ ...world, env: {} });
}

/** The files of a client that the user had Agora write to; the mark shows that nobody planted the notes. */
function notedFiles(client: string, home: Home): readonly string[] {
  if (!isMarked(home)) return [];
  const folder = join(home.path, NOTES);
  try {
    const names = readdirSync(folder).filter((name) => name.startsWith(`${client}-`) && name.endsWith(".json"));
    return names.flatMap((name) => {
      const text = readPrivate(join(folder, name), false);
      const path: unknown =
        text.ok && text.value !== undefined ? Reflect.get(JSON.parse(text.value) as object, "path") : "";
      return typeof path === "string" ? [path] : [];
    });
  } catch {
    return []; // nothing was installed, or a note is damaged
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** The AGORA_ variables of an entry; undefined when one of them isn't a text that stands there as it is. */
function variablesOf(given: unknown): Readonly<Record<string, string>> | undefined {
  if (typeof given !== "object" || given === null) return undefined;
  const own = Object.entries(given as Record<string, unknown>).filter(
    ([name]) => name.startsWith("AGORA_") && !NOT_OURS.has(name),
  );
  if (!own.every(([, value]) => typeof value === "string" && !FILLED_IN.test(value))) return undefined;
  return Object.fromEntries(own) as Record<string, string>;
}
