// The environment a daemon starts with: what node and the system need from the caller's, and the network settings recorded
// in the person's terminal.
import type { Home } from "./directory.ts";
import { type Env, scrubbedEnv } from "./env.ts";
import { networkEnv, recordedNetwork } from "./network-record.ts";
import { listProjects } from "./registry.ts";

/** `byPerson`: the caller is a person's terminal, whose network settings count if none have been recorded. */
export function daemonEnv(home: Home, project: string, env: Env, byPerson: boolean): Record<string, string> {
  const projects = listProjects(home);
  const origin = projects.ok ? projects.value.find((one) => one.path === project)?.origin : undefined;
  const recorded = origin === undefined ? undefined : recordedNetwork(home, origin);
  const network = recorded ?? (byPerson ? networkEnv(env) : {});
  return { ...scrubbedEnv(env), ...network, AGORA_HOME: home.path };
}
