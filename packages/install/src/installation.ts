// Adds our entry to a client's file and removes it again. The change is recorded in the user's home, so that removing it
// restores the file byte for byte, whatever else changed meanwhile.
import { mkdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { ensureFolder, ensureHome, fail, type Home, ok, readPrivate, replacePrivate } from "@agora/user-config";
import { replaceFile } from "@agora/ports/replace-file";
import type { Result } from "@agora/protocol";
import type { Client, EditCode, Launch, World } from "./client.ts";
import { type Span, spanBetween, withoutSpan } from "./text-edit.ts";

export type InstallCode = EditCode | "disk" | "changed" | "bad-home" | "bad-file";

/** What would become of a file; nothing is written yet. */
export interface Plan {
  readonly path: string;
  /** Undefined: there is no file. */
  readonly before: string | undefined;
  /** Undefined: the file is removed. */
  readonly after: string | undefined;
}

/** What an installation recorded in the user's home. */
interface Note {
  readonly path: string;
  /** Whether we created the file. */
  readonly made: boolean;
  readonly span: Span;
}

export interface Installer {
  readonly client: Client;
  readonly world: World;
  readonly home: Home;
  /** The name of our entry. */
  readonly name: string;
}

/** Plans to add our entry to the client's file. */
export function planInstall(installer: Installer, launch: Launch): Result<Plan, InstallCode> {
  const refused = installer.client.refuses?.(installer.world);
  if (refused !== undefined) return fail("twice", refused);
  const path = realPath(installer.client.file(installer.world));
  const before = readText(path);
  if (!before.ok) return before;
  const after = installer.client.add(before.value, launch, installer.name);
  return after.ok ? ok({ path, before: before.value, after: after.value }) : after;
}

/** Plans to remove our entry. */
export function planUninstall(installer: Installer): Result<Plan, InstallCode> {
  const { client, world, name } = installer;
  const path = realPath(client.file(world));
  const before = readText(path);
  if (!before.ok) return before;
  if (before.value === undefined) return ok({ path, before: undefined, after: undefined });
  const note = readNote(installer, path);
  const text = client.forget?.(before.value, name) ?? before.value;
  const restored = note === undefined ? undefined : withoutSpan(text, note.span);
  const readable =
    restored === "" || (restored !== undefined && client.remove(restored, name).ok && !client.has(restored, name));
  const after = readable ? ok(restored) : client.remove(text, name);
  if (!after.ok) return after;
  return ok({ path, before: before.value, after: after.value === "" && note?.made === true ? undefined : after.value });
}

/** Carries out a plan, if the file hasn't changed since; `note`: record it, as an installation to be undone some day. */
export async function carryOut(plan: Plan, installer: Installer, note: boolean): Promise<Result<void, InstallCode>> {
  const { path, before, after } = plan;
  const now = readText(path);
  if (!now.ok) return now;
  if (now.value !== before) return fail("changed", `${path} was changed just now by something else: try again.`);
  if (before === after) return ok(undefined);
  if (note) {
    const kept = await keepNote(installer, plan);
    if (!kept.ok) return kept;
  }
  try {
    if (after === undefined) rmSync(path);
    else writeWhole(path, after);
  } catch (error) {
    return fail("disk", `${path} could not be written: ${error instanceof Error ? error.message : "unknown reason"}.`);
  }
  if (!note) rmSync(notePath(installer), { force: true });
  return ok(undefined);
}

function writeWhole(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  // The file keeps its mode; a new one is the person's alone, as such files hold keys.
  replaceFile(path, text);
}

/** Many people keep such files elsewhere and link to them: the file is edited, the link stays. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function readText(path: string): Result<string | undefined, InstallCode> {
  try {
    const text = readFileSync(path, "utf8");
    // Written back as UTF-8, it would be a different file from the one its owner saved.
    return text.includes("\0") ? fail("unreadable", `${path} is no UTF-8 text: save it as UTF-8 first.`) : ok(text);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    return code === "ENOENT" ? ok(undefined) : fail("disk", `${path} can't be read: ${String(code)}.`);
  }
}

/** Where the home notes what was written into clients' files. */
export const FOLDER = "installed";

function notePath({ home, client, name }: Installer): string {
  return join(home.path, FOLDER, `${client.name}-${name}.json`);
}

function readNote(installer: Installer, path: string): Note | undefined {
  const text = readPrivate(notePath(installer), false);
  if (!text.ok || text.value === undefined) return undefined;
  try {
    const note = JSON.parse(text.value) as Note;
    return note.path === path ? note : undefined;
  } catch {
    return undefined;
  }
}

/** Records the change against the file as it was before the first installation. */
async function keepNote(installer: Installer, { path, before, after }: Plan): Promise<Result<void, InstallCode>> {
  const made = ensureHome(installer.home);
  if (!made.ok) return made;
  const folder = ensureFolder(join(installer.home.path, FOLDER));
  if (!folder.ok) return folder;
  const earlier = readNote(installer, path);
  const original = earlier === undefined || before === undefined ? before : withoutOurs(before, earlier, installer);
  const span = spanBetween(original ?? "", after ?? "");
  const note: Note = { path, made: earlier?.made ?? before === undefined, span };
  return await replacePrivate(notePath(installer), `${JSON.stringify(note, undefined, 2)}\n`);
}

/** The file as it was before us, even if somebody edited what we had written: their words are never taken for ours. */
function withoutOurs(text: string, { span }: Note, { client, name }: Installer): string {
  const restored = withoutSpan(text, span);
  if (restored !== undefined) return restored;
  const removed = client.remove(text, name);
  return removed.ok ? removed.value : text;
}
