// The rooms of this user's projects. Those that are joined are watched while a page is open, and a moment after anybody asked.
import type { HubRoom } from "@agora/ipc";
import type { Cancel, Clock } from "@agora/ports";
import { type Home, listProjects, type Project } from "@agora/user-config";
import { LINGER_MS, LOOK_MS, MAX_ROOMS } from "./limits.ts";
import { WatchedRoom } from "./watched-room.ts";

export class Rooms {
  readonly #home: Home;
  readonly #version: string;
  readonly #clock: Clock;
  readonly #rooms = new Map<string, WatchedRoom>();
  readonly #listeners = new Set<() => void>();
  #stopLooking: Cancel | undefined;
  #watchers = 0;
  #told = "";

  constructor(options: { readonly home: Home; readonly version: string; readonly clock: Clock }) {
    this.#home = options.home;
    this.#version = options.version;
    this.#clock = options.clock;
  }

  /** What is known now; joined ones first. */
  get facts(): readonly HubRoom[] {
    return [...this.#rooms.values()].map((room) => room.facts);
  }

  /** A room by its id, as the registry lists it now. */
  get(id: string): WatchedRoom | undefined {
    this.#readList();
    return this.#rooms.get(id);
  }

  /** What every room says of itself at this moment. */
  async look(): Promise<readonly HubRoom[]> {
    const cancel = this.#keepLooking();
    this.#readList();
    await Promise.all([...this.#rooms.values()].map((room) => room.look()));
    this.#clock.after(LINGER_MS, cancel);
    return this.facts;
  }

  /** Calls `fn` whenever the rooms have changed, until cancelled. */
  watch(fn: () => void): Cancel {
    this.#listeners.add(fn);
    const cancel = this.#keepLooking();
    void this.look();
    return () => {
      this.#listeners.delete(fn);
      cancel();
    };
  }

  close(): void {
    this.#stopLooking?.();
    for (const room of this.#rooms.values()) room.close();
    this.#rooms.clear();
  }

  #keepLooking(): Cancel {
    this.#watchers += 1;
    this.#stopLooking ??= this.#clock.every(LOOK_MS, () => {
      this.#readList();
      for (const room of this.#rooms.values()) void room.look();
    });
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#watchers -= 1;
      if (this.#watchers > 0) return;
      this.#stopLooking?.();
      this.#stopLooking = undefined;
      for (const room of this.#rooms.values()) room.close();
    };
  }

  /** Takes over what the registry lists; a list that can't be read changes nothing. */
  #readList(): void {
    const listed = listProjects(this.#home);
    if (!listed.ok) return;
    const projects = listed.value.toSorted((a, b) => Number(b.joined) - Number(a.joined)).slice(0, MAX_ROOMS);
    const paths = new Set(projects.map(({ path }) => path));
    for (const [id, room] of this.#rooms) {
      if (paths.has(room.project.path)) continue;
      room.close();
      this.#rooms.delete(id);
    }
    for (const project of projects) this.#take(project);
    this.#tell();
  }

  #take(project: Project): void {
    const room = new WatchedRoom(this.#home, this.#version, project, () => this.#tell());
    const known = this.#rooms.get(room.id);
    if (known === undefined) this.#rooms.set(room.id, room);
    else known.project = project;
  }

  #tell(): void {
    const now = JSON.stringify(this.facts);
    if (now === this.#told) return;
    this.#told = now;
    for (const fn of this.#listeners) fn();
  }
}
