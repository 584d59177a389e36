// The resident for the executable and for tests. Importing this loads only the table of settings; everything else is loaded
// on demand.
import type { Result } from "@agora/protocol";
import type { ResidentConfig, ResidentFlags } from "./config.ts";
import type { Detached } from "./detach.ts";
import type { Resident, ResidentOptions } from "./resident.ts";
import type { ResidentProcess } from "./run.ts";
import type { ServiceAnswer, ServiceRequest } from "./service/service.ts";
import type { TokenAnswer, TokenRequest } from "./token-request.ts";

export { RESIDENT_OPTIONS, type ResidentFlag, type ResidentOption } from "./options.ts";
export type { Detached, Resident, ResidentConfig, ResidentFlags, ResidentOptions, ResidentProcess };
export type { ServiceAnswer, ServiceRequest, TokenAnswer, TokenRequest };

/** Runs a resident in the foreground until told to stop; returns the exit code. */
export async function runResident(process: ResidentProcess): Promise<0 | 1 | 2> {
  const run = await import("./run.ts");
  return run.runResident(process);
}

/** Starts a detached resident, and waits until it answers. */
export async function detachResident(process: ResidentProcess): Promise<Result<Detached>> {
  const detach = await import("./detach.ts");
  return detach.detachResident(process);
}

/** Creates, lists or revokes a gateway member's token. */
export async function manageToken(request: TokenRequest): Promise<Result<TokenAnswer>> {
  const tokens = await import("./token-request.ts");
  return tokens.manageToken(request);
}

/** Writes, shows or removes the unit of the system's service manager. */
export async function manageService(request: ServiceRequest): Promise<Result<ServiceAnswer>> {
  const service = await import("./service/service.ts");
  return service.manageService(request);
}

/** Starts a resident in this process: for tests, and for programs that embed one. */
export async function startResident(options: ResidentOptions): Promise<Result<Resident>> {
  const resident = await import("./resident.ts");
  return resident.startResident(options);
}

/** Reads flags and environment. */
export async function readResidentConfig(
  flags: ResidentFlags,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Result<ResidentConfig, "usage">> {
  const config = await import("./config.ts");
  return config.readResidentConfig(flags, env);
}
