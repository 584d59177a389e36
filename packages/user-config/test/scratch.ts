// A fresh home and project folder for one test, removed afterwards.
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Home } from "../src/directory.ts";
import type { Project } from "../src/registry.ts";

/** A folder for this test alone, by its real path. */
export function scratch(): string {
  const path = realpathSync.native(mkdtempSync(join(tmpdir(), "agora-home-")));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A home that doesn't exist yet. */
export function scratchHome(): Home {
  return { path: join(scratch(), "config", "agora") };
}

/** A project folder. */
export function scratchProject(name = "shop"): string {
  const path = join(scratch(), name);
  mkdirSync(path, { recursive: true });
  return path;
}

/** A registry entry for `path`. */
export function entryFor(path: string, change: Partial<Project> = {}): Omit<Project, "at"> {
  const relay = { relay: "wss://relay.example.org/ws", origin: "wss://relay.example.org" };
  return { path, ...relay, room: "main", name: "alice", mode: "manual", joined: true, ...change };
}
