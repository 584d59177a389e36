// What an environment tells: who runs us, and what of it a daemon may inherit. Nothing here reads the process's own.
import { agentOfEnv } from "./agent-clients.ts";

/** An environment; only `main.ts` reads the process's own. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Whether an agent's shell runs us, by the environment alone: then nobody can say that a person typed. */
export function agentShell(env: Env): boolean {
  return agentOfEnv(env) !== undefined;
}

/** Names a daemon may inherit, upper case: what node and the system need. No token, nothing of a client. */
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
  "AGORA_HOME",
  "NODE_EXTRA_CA_CERTS",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "ALL_PROXY",
  "NO_PROXY",
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
const INHERITED_PREFIX = /^(XDG_|LC_)/;

/** The part of an environment that a daemon gets. */
export function scrubbedEnv(env: Env): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    const upper = name.toUpperCase();
    if (value !== undefined && (INHERITED.has(upper) || INHERITED_PREFIX.test(upper))) kept[name] = value;
  }
  return kept;
}
