// What the executable needs to install Agora into other clients.
export { AGENTS_MD, pasteSentence } from "./agents-md.ts";
export { clientVersion } from "./client-version.ts";
export type { Client, Launch, World } from "./client.ts";
export { type CodexHooks, type CodexRun, readCodexHooks, trustCodexHooks } from "./codex-trust.ts";
export { planRules, type PlannedRules, writePlan } from "./claude-rules.ts";
export { codexHome, hasCodexPlugin } from "./codex.ts";
export { CLIENTS, findClient } from "./clients.ts";
export { carryOut, type Installer, type InstallCode, type Plan, planInstall, planUninstall } from "./installation.ts";
export { findOwnEntry, type OwnEntry } from "./own-entry.ts";
export { type InstalledPlugin, installedPlugins } from "./plugins.ts";
export {
  findShellLink,
  hasRcLine,
  makeShellLink,
  removeRcLine,
  removeShellLink,
  type ShellLink,
} from "./shell-link.ts";
export { showChange } from "./text-edit.ts";
export { isNewerThanTested, TESTED_CLIENTS, type TestedClient, type TestedName } from "./tested-clients.ts";
