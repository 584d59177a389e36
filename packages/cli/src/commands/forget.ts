// `agora forget [PATH|@NAME]`: removes a project from the list, or a member from those whose key is known. Nothing that was
// said is deleted: a project's `.agora` folder, its keys and its token stay.
import { realpathSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import { endDaemon, viaOfShell } from "@agora/commands";
import { editProject, type Home, listProjects, openPins, type Project, removeProject } from "@agora/user-config";
import { type Client, findDaemon } from "@agora/ipc";
import { personOnly } from "@agora/ipc/person-only";
import { fail, harmlessLine, ok, type Result } from "@agora/protocol";
import { findProjectPath } from "../command-context.ts";
import { terminalHome } from "../terminal-home.ts";
import { type ExitCode, print, printFailure, printJson, type Start } from "../terminal.ts";
import { VERSION } from "../version.ts";

interface ForgetFlags {
  readonly json?: boolean;
  readonly project?: string;
}

interface Forgotten {
  readonly forgotten: "project" | "member";
  readonly name: string;
  readonly room: string;
  readonly path: string;
  readonly lines: readonly string[];
}

/** Forgets what `what` names: a folder, `@NAME` of this project's room, or this project. */
export async function forget(start: Start, what: string | undefined, flags: ForgetFlags): Promise<ExitCode> {
  const json = flags.json === true;
  const done = await forgotten(start, what, flags);
  if (!done.ok) return printFailure(done, json);
  const { lines, ...data } = done.value;
  if (json) printJson(data);
  else print(...lines);
  return 0;
}

async function forgotten(start: Start, what: string | undefined, flags: ForgetFlags): Promise<Result<Forgotten>> {
  if (viaOfShell(start.env) === "shell") return personOnly("What is forgotten", "terminal");
  const home = terminalHome(start);
  if (!home.ok) return home;
  if (what !== undefined && !what.startsWith("@")) return forgetProject(home.value, folderOf(start, what));
  const place = findProjectPath(start, home.value, flags.project);
  if (!place.ok) return place;
  const { project, path } = place.value;
  if (what === undefined) return forgetProject(home.value, project?.path ?? path);
  if (project === undefined)
    return fail(
      "not-joined",
      `${path} is not in a room: type this in a project of the room in which ${what} is known.`,
    );
  return forgetMember(home.value, project, what.slice(1));
}

/** The folder as listed, even if it no longer exists. */
function folderOf(start: Start, path: string): string {
  const whole = isAbsolute(path) ? resolve(path) : resolve(start.cwd, path);
  try {
    return realpathSync(whole);
  } catch {
    return whole;
  }
}

/** Stops the project's daemon first: if it ran on, it would keep speaking for the project. */
async function forgetProject(home: Home, path: string): Promise<Result<Forgotten>> {
  const listed = listProjects(home);
  if (!listed.ok) return listed;
  const project = listed.value.find((one) => one.path === path);
  if (project === undefined) {
    const others = listed.value.map((one) => one.path).join(", ");
    const rest = others === "" ? "the list is empty." : `listed are ${others}.`;
    return fail("not-listed", `${path} is not on the list of projects; ${rest}`);
  }
  if (project.joined) {
    const left = await editProject(home, path, { joined: false });
    if (!left.ok) return left;
  }
  const opened: Client[] = [];
  const running = async (): Promise<Result<Client>> => {
    const client = await findDaemon({ home, project: path, version: VERSION });
    if (client.ok) opened.push(client.value);
    return client;
  };
  try {
    const ended = await endDaemon({ via: "cli", running });
    if (!ended.ok) return ended;
  } finally {
    for (const client of opened) client.close();
  }
  const removed = await removeProject(home, path);
  if (!removed.ok) return removed;
  const { name, room } = project;
  return ok({
    forgotten: "project",
    name,
    room,
    path,
    lines: [
      `forgot ${path}: it was ${name} in ${room}`,
      `Its .agora folder, key and token stay; agora start -n ${name} there joins again as the same member.`,
    ],
  });
}

/** Only a member nobody needs: not here, nothing from it in the inbox, nothing on its way to it. */
async function forgetMember(home: Home, project: Project, name: string): Promise<Result<Forgotten>> {
  const { origin, room, path } = project;
  const shown = harmlessLine(name, 40);
  if (name === project.name)
    return fail("not-allowed", `${shown} is you: agora forget takes this project off the list.`);
  const needed = await whyNeeded(home, path, name);
  if (!needed.ok) return needed;
  if (needed.value !== undefined) return fail("needed", `${shown} is not forgotten: ${needed.value}`);
  const pins = await openPins(home, origin, room);
  if (!pins.ok) return pins;
  await using known = pins.value;
  const dropped = await known.forget(name);
  if (!dropped.ok) return dropped;
  if (!dropped.value)
    return fail("unknown-name", `No member ${shown} is known in ${room}: agora who shows those who are.`);
  return ok({
    forgotten: "member",
    name,
    room,
    path,
    lines: [
      `forgot ${shown} in ${room}, for all your projects there`,
      "What it said stays. Whoever shows up under this name next is taken for a new member, whatever the key.",
    ],
  });
}

/**
 * The daemon's reasons against it. Without a daemon, nobody is here and nothing is under way that it wouldn't resume later.
 */
async function whyNeeded(home: Home, path: string, name: string): Promise<Result<string | undefined>> {
  const client = await findDaemon({ home, project: path, version: VERSION });
  if (!client.ok) return client.code === "gone" ? ok(undefined) : client;
  try {
    const who = await client.value.request("who", {});
    if (!who.ok) return who;
    if (who.value.members.some((member) => member.name === name && member.online)) return ok("it is in the room now.");
    const inbox = await client.value.request("inbox", { via: "cli", peek: true });
    if (!inbox.ok) return inbox;
    const item = inbox.value.items.find((one) => one.from === name);
    if (item !== undefined) return ok(`something of it waits for you: agora accept or reject ${item.thread} first.`);
    const status = await client.value.request("status", {});
    if (!status.ok) return status;
    const waits = status.value.events.some(
      (event) =>
        event.state !== "rejected" &&
        event.deliveries.some((one) => one.member === name && (one.state === "queued" || one.state === "relayed")),
    );
    return ok(waits ? "something you said still waits for it: agora status shows it." : undefined);
  } finally {
    client.value.close();
  }
}
