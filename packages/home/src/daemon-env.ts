// The environment a daemon is started with: what node and the system need of the caller's, and the network as the person's
// terminal recorded it.
import type { Home } from "./directory.ts";
import { type Env, scrubbedEnv } from "./env.ts";
import { networkEnv, recordedNetwork } from "./network-record.ts";
import { listProjects } from "./registry.ts";

/** `byPerson`: the caller is a person's terminal, whose network counts where nothing was recorded yet. */
export function daemonEnv(home: Home, project: string, env: Env, byPerson: boolean): Record<string, string> {
  const projects = listProjects(home);
  const origin = projects.ok ? projects.value.find((one) => one.path === project)?.origin : undefined;
  const recorded = origin === undefined ? undefined : recordedNetwork(home, origin);
  const network = recorded ?? (byPerson ? networkEnv(env) : {});
  return { ...scrubbedEnv(env), ...network, AGORA_HOME: home.path };
}
