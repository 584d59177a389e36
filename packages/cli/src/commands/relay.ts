// `agora relay`: runs a relay here until told to stop.
import { processIo, runRelay, type RelayFlags } from "@agora/relay";
import type { ExitCode, Start } from "../terminal.ts";

/** Runs the relay with the flags as commander parsed them. */
export async function relay(start: Start, flags: RelayFlags): Promise<ExitCode> {
  const code = await runRelay(flags, start.env, processIo());
  return code === 0 ? 0 : code === 2 ? 2 : 1;
}
