// What an environment tells us: who runs us, and what a daemon may inherit. Nothing here reads the process's own
// environment.
import { agentOfEnv } from "./agent-clients.ts";

/** An environment; only `main.ts` reads the process's own. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Whether an agent's shell runs us, judging by the environment alone: then nobody can say that a person typed. */
export function agentShell(env: Env): boolean {
  return agentOfEnv(env) !== undefined;
}

/**
 * Variables a child may inherit, upper case: what node and the system need. No tokens, nothing of a client or the network.
 */
const INHERITED = new Set([
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "LANG",
  "LANGUAGE",
  "TZ",
  "TMPDIR",
  "TEMP",
  "TMP",
  "XDG_RUNTIME_DIR",
  "SYSTEMROOT",
  "SYSTEMDRIVE",
  "WINDIR",
  "COMSPEC",
  "PATHEXT",
  "APPDATA",
  "LOCALAPPDATA",
  "PROGRAMDATA",
  "USERPROFILE",
  "USERNAME",
  "USERDOMAIN",
  "HOMEDRIVE",
  "HOMEPATH",
]);
const INHERITED_PREFIX = /^LC_/;

/** The part of an environment that every child process may have. */
export function scrubbedEnv(env: Env): Record<string, string> {
  return pick(env, (name) => INHERITED.has(name) || INHERITED_PREFIX.test(name));
}

/** Variables that let others run code in a child or change what git and the loader do, and our own secrets. */
const NEVER = /^(NODE_|LD_|DYLD_|GIT_|AGORA_|BASH_ENV$|ENV$|PYTHON|PERL|RUBY)/;

/**
 * The environment for a client's own program (`codex queue`): it needs its settings and the keys of its model, under names
 * that only it knows. So everything is passed on except what never may be.
 */
export function clientEnv(env: Env): Record<string, string> {
  return pick(env, (name) => !NEVER.test(name) || name === "NODE_EXTRA_CA_CERTS");
}

/** What a program with a window needs as well: the display, and the person's choice of browser. */
const SCREEN = /^(DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|DBUS_SESSION_BUS_ADDRESS|BROWSER|XDG_[A-Z_]+)$/;

/** The environment for opening a page in the person's browser. */
export function screenEnv(env: Env): Record<string, string> {
  return { ...scrubbedEnv(env), ...pick(env, (name) => SCREEN.test(name)) };
}

function pick(env: Env, wanted: (upper: string) => boolean): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env))
    if (value !== undefined && wanted(name.toUpperCase())) kept[name] = value;
  return kept;
}
