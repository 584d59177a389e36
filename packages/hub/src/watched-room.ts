// One room as the hub sees it: a connection to its daemon, over which the daemon pushes how it stands. The hub never starts a
// daemon to look at it.
import { type Client, findDaemon, type HubRoom, type Push } from "@agora/ipc";
import { hashName, type Home, type Project } from "@agora/user-config";

/** The id of a project's room at the hub: the same at each start. */
export function roomId(home: Home, project: string): string {
  return hashName("hub", home.path, project);
}

export class WatchedRoom {
  readonly id: string;
  /** As the registry lists it. */
  project: Project;
  /** The largest file that may be sent there, bytes, once its daemon has said so. */
  fileBytes: number | undefined;
  readonly #home: Home;
  readonly #version: string;
  readonly #changed: () => void;
  #client: Client | undefined;
  #dialing: Promise<void> | undefined;
  #connection: string | undefined;
  #waits = 0;
  /** How often it was let go: a connection that comes after that is of no use to anybody. */
  #closes = 0;

  constructor(home: Home, version: string, project: Project, changed: () => void) {
    this.id = roomId(home, project.path);
    this.project = project;
    this.#home = home;
    this.#version = version;
    this.#changed = changed;
  }

  /** What is known of it now. */
  get facts(): HubRoom {
    const { path, room, name, relay, joined } = this.project;
    return {
      id: this.id,
      project: path,
      room,
      name,
      relay,
      state: !joined ? "stopped" : this.#client === undefined ? "away" : "here",
      ...(this.#connection === undefined ? {} : { connection: this.#connection }),
      waits: this.#waits,
    };
  }

  /** Connects unless it is connected; resolves when the daemon has said how it stands, or isn't there. */
  look(): Promise<void> {
    if (this.#client !== undefined || !this.project.joined) return Promise.resolve();
    this.#dialing ??= this.#dial().finally(() => {
      this.#dialing = undefined;
    });
    return this.#dialing;
  }

  async #dial(): Promise<void> {
    const closes = this.#closes;
    const found = await findDaemon({ home: this.#home, project: this.project.path, version: this.#version });
    if (!found.ok) return;
    const client = found.value;
    if (closes !== this.#closes) return client.close();
    this.#client = client;
    client.onPush((push) => this.#take(push));
    void client.closed.then(() => {
      if (this.#client !== client) return;
      this.#client = undefined;
      this.#connection = undefined;
      this.#waits = 0;
      this.#changed();
    });
    await client.request("watchState", { via: "console" });
  }

  #take(push: Push): void {
    if (push.push !== "state" || push.status === undefined) return;
    this.#waits = push.status.waits ?? push.status.inbox;
    this.#connection = push.status.connection.state;
    this.fileBytes = push.status.maxFileBytes;
    this.#changed();
  }

  /** Lets go of the daemon; what is known of it stays. */
  close(): void {
    this.#closes += 1;
    const client = this.#client;
    this.#client = undefined;
    client?.close();
  }
}
