// The relay's API for the CLI and for tests.
export {
  type ConfigFailure,
  DEFAULT_RELAY_CONFIG,
  type Environment,
  readRelayConfig,
  type RelayConfig,
  type RelayFlags,
} from "./config.ts";
export { pinoLog } from "./log.ts";
export { RELAY_OPTIONS, type RelayFlag, type RelayOption } from "./options.ts";
export { type Relay, startRelay, type RelayWorld } from "./relay.ts";
export { processIo, type RelayIo, runRelay } from "./run.ts";
export { RELAY_VERSION } from "./version.ts";
