// The user's own directory: what belongs to the person, never to a project. Importing this loads no library; functions that
// need one load it when called.
export { acceptedHome, accountHome } from "./accepted-home.ts";
export { agentAbove } from "./agent-above.ts";
export {
  allowsRoom,
  CLAUDE_ALLOW_RULE,
  type ClaudeLayer,
  type ClaudeSwitch,
  claudeSwitches,
  hasClaudePlugin,
  readClaudeLayers,
} from "./claude-settings.ts";
export { allowRoomInClaude } from "./claude-allow-rule.ts";
export { listedCopies } from "./program-copies.ts";
export { hashName } from "./crypto.ts";
export { checkFolder, ensureFolder, ensureHome, findHome, type Home, type HomeCode } from "./directory.ts";
export { daemonEnv } from "./daemon-env.ts";
export { readEnvSettings } from "./env-settings.ts";
export { agentShell, clientEnv, type Env, screenEnv, scrubbedEnv } from "./env.ts";
export { checkFolderMark, folderMarkPath, folderMarkText, type Recognized, recognizeFolder } from "./folder-mark.ts";
export { daemonCode, type DaemonCode, installedDaemon } from "./installed-daemon.ts";
export { askGit, type GitAnswer } from "./git.ts";
export { isMarked, markHome } from "./home-mark.ts";
export {
  type HookProof,
  type HookReach,
  hookReach,
  type HookSign,
  noteHookSign,
  readHookProofs,
} from "./hook-proofs.ts";
export { ipcSecret } from "./ipc-secret.ts";
export { isLinkCode, linkCode, openDevice, sealDevice } from "./link-device.ts";
export { withLock } from "./lock.ts";
export { type FormerKey, type KeyOwner, keyPair, type MemberKey, readKeyPair, replaceKey } from "./member-key.ts";
export { ignoredNetworkNote, isNetworkName, networkEnv, recordedNetwork, recordNetwork } from "./network-record.ts";
export { type Belonging, type Pin, type Pinned, type Sight } from "./pin-book.ts";
export { editPerson, type PersonFile, personKeys } from "./person-keys.ts";
export { openPins, type Pins } from "./pins.ts";
export { renewPerson } from "./renew-person.ts";
export { createOnce, readPrivate, replacePrivate } from "./private-file.ts";
export { gitTop, isTooWide } from "./project-bounds.ts";
export {
  ensureMemories,
  ensureMemory,
  findMemory,
  isProjectId,
  memoryPath,
  newProjectId,
  noteProject,
} from "./project-memory.ts";
export { type Brakes } from "./project-settings.ts";
export {
  findProject,
  joinedProject,
  listProjects,
  type Mode,
  type Place,
  type Project,
  registryPath,
} from "./registry.ts";
export { OTHER_VARIABLES, otherSystemsNote } from "./other-systems.ts";
export { editProject, moveProject, putProject, removeProject } from "./registry-edit.ts";
export { findRelayKey, keepRelayKey, openRelayPins, type RelayKey, type RelayPins } from "./relay-keys.ts";
export { fail, ok } from "./result.ts";
export { createRoomRoot, type GrantWish, roomRoot, signGrant, verifyGrant } from "./room-root.ts";
export {
  DEFAULT_BRAKES,
  resolveSettings,
  type Settings,
  type SettingsCode,
  type SettingsSources,
  type Typed,
} from "./settings.ts";
export { type Example, writeExampleSettings } from "./settings-example.ts";
export { readSettings, settingsPath } from "./settings-file.ts";
export {
  type Setting,
  SETTING_ROWS,
  type SettingName,
  type SettingsFile,
  settingsThat,
  type Share,
} from "./settings-table.ts";
export {
  checkSocketFolder,
  ensureSocketFolder,
  type LifeSocket,
  type SocketPath,
  socketPath,
  writerSocket,
} from "./socket-path.ts";
export { findToken, listTokens, saveToken, type TokenEntry } from "./tokens.ts";
export { userFolder } from "./user-folder.ts";
export { compareVersions, isNewer } from "./version-order.ts";
