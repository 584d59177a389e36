// A relay is dialled from an agent's shell: its proxy would be the project's to name. What the person recorded is used instead.
import { viaOfShell } from "@agora/commands";
import { type Home, isNetworkName, recordedNetwork } from "@agora/home";
import type { Start } from "./terminal.ts";

/** Before anything is dialled: in an agent's shell, leaves of the network only what was recorded for `origin`. */
export function settleNetwork(start: Start, home: Home, origin: string | undefined): void {
  if (viaOfShell(start.env) !== "shell") return;
  for (const name of Object.keys(process.env)) if (isNetworkName(name)) delete process.env[name];
  if (origin !== undefined) Object.assign(process.env, recordedNetwork(home, origin));
}
