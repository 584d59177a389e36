// When dialling a relay from an agent's shell, the project could have set the proxy. The network settings recorded by the
// person are used instead.
import { viaOfShell } from "@agora/commands";
import { type Home, isNetworkName, recordedNetwork } from "@agora/user-config";
import type { Start } from "./terminal.ts";

/** Call before dialling: in an agent's shell, leaves only the network settings that were recorded for `origin`. */
export function settleNetwork(start: Start, home: Home, origin: string | undefined): void {
  if (viaOfShell(start.env) !== "shell") return;
  for (const name of Object.keys(process.env)) if (isNetworkName(name)) delete process.env[name];
  if (origin !== undefined) Object.assign(process.env, recordedNetwork(home, origin));
}
