// The resident as the executable and tests use it. Loading this loads only the table of settings; what runs is loaded when
// it is asked for.
import type { ServiceRequest } from "./service/service.ts";
import type { ResidentProcess } from "./run.ts";
import type { TokenRequest } from "./token-request.ts";

export { RESIDENT_OPTIONS, type ResidentFlag, type ResidentOption } from "./options.ts";
export type { ResidentConfig, ResidentFlags } from "./config.ts";
export type { ResidentProcess, ServiceRequest, TokenRequest };

/** Runs a resident here until it is told to end; the exit code. */
export async function runResident(process: ResidentProcess): Promise<0 | 1 | 2> {
  const run = await import("./run.ts");
  return run.runResident(process);
}

/** Starts a resident that goes on by itself, and waits until it answers. */
export async function detachResident(process: ResidentProcess): ReturnType<typeof import("./detach.ts").detachResident> {
  const detach = await import("./detach.ts");
  return detach.detachResident(process);
}

/** Makes, lists or takes back a gateway member's token. */
export async function manageToken(request: TokenRequest): ReturnType<typeof import("./token-request.ts").manageToken> {
  const tokens = await import("./token-request.ts");
  return tokens.manageToken(request);
}

/** Writes, shows or removes the unit of the system's service manager. */
export async function manageService(request: ServiceRequest): ReturnType<typeof import("./service/service.ts").manageService> {
  const service = await import("./service/service.ts");
  return service.manageService(request);
}

/** Starts a resident in this process: for tests, and for programs that embed one. */
export async function startResident(
  ...args: Parameters<typeof import("./resident.ts").startResident>
): ReturnType<typeof import("./resident.ts").startResident> {
  const resident = await import("./resident.ts");
  return resident.startResident(...args);
}

/** Reads flags and environment. */
export async function readResidentConfig(
  ...args: Parameters<typeof import("./config.ts").readResidentConfig>
): Promise<ReturnType<typeof import("./config.ts").readResidentConfig>> {
  const config = await import("./config.ts");
  return config.readResidentConfig(...args);
}
