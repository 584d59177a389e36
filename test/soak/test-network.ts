// The world of a run: a relay, and members with a home, a project, a daemon and a seat each, all real processes of the
// executable that is shipped; a path of its own through which each daemon reaches the relay. Everything is ended at the end.
import { spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ENTRY } from "../program.ts";
import { openPath } from "./proxy.ts";
import { type Disk, DISK_MIB, findDisk } from "./full-disk.ts";
import { SoakRelay } from "./soak-relay.ts";
import { SoakMember } from "./soak-member.ts";

export const NAMES = ["alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi"] as const;

/** By how much the members' clocks are wrong from the beginning, milliseconds: a day each way, two minutes, an hour. */
const CLOCKS_OFF_MS = [0, -24 * 3_600_000, 24 * 3_600_000, -120_000, 3_600_000] as const;
/** All of them. */
export interface SoakNetwork extends AsyncDisposable {
  readonly folder: string;
  readonly relay: SoakRelay;
  readonly members: readonly SoakMember[];
  /** How a disk is made full; undefined where that can't be done. */
  readonly disk: Disk | undefined;
  /** What faults found wrong themselves, a sentence each. */
  readonly complaints: string[];
  /** Under how many names strangers came in. */
  strangers: number;
}

/** Starts the relay and the members. */
export async function openSoakNetwork(members: number): Promise<SoakNetwork> {
  await using stack = new AsyncDisposableStack();
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "agora-soak-")));
  stack.defer(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const relay = await SoakRelay.open(ENTRY, folder);
  stack.defer(() => relay.kill());
  const disk = findDisk();
  const joined: SoakMember[] = [];
  for (const name of NAMES.slice(0, members)) {
    const path = await openPath(relay.port);
    stack.use(path);
    const clockOffMs = CLOCKS_OFF_MS[joined.length % CLOCKS_OFF_MS.length]!;
    const member = await SoakMember.join(name, folder, ENTRY, path, clockOffMs, (memories) => {
      if (disk?.how !== "tmpfs") return;
      spawnSync("mount", ["-t", "tmpfs", "-o", `size=${DISK_MIB}m,mode=700`, "tmpfs", memories]);
      stack.defer(() => void spawnSync("umount", ["-l", memories]));
    });
    stack.defer(async () => void (await member.leave()));
    joined.push(member);
  }
  const owned = stack.move();
  return {
    folder,
    relay,
    members: joined,
    disk,
    complaints: [],
    strangers: 0,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
