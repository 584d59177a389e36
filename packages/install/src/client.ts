// What the installer knows of one client: where its configuration is, how our entry is added and removed. Pure except for
// checking what else exists: reading its file, writing and asking happen elsewhere.
import type { Result } from "@agora/protocol";
import type { ServerEntry } from "./own-entry.ts";

/** What our entry starts. */
export interface Launch {
  readonly command: string;
  /** The executable's file, absolute. */
  readonly bundle: string;
}

/** The environment as the clients see it. */
export interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homedir: string;
  readonly platform: NodeJS.Platform;
  readonly exists: (path: string) => boolean;
  /** A file's text; undefined if there is none. */
  readonly read: (path: string) => string | undefined;
}

export interface Client {
  /** What a person types: `agora install NAME`. */
  readonly name: string;
  readonly title: string;
  /** The file our entry goes into. */
  readonly file: (world: World) => string;
  /** Whether the client has been used on this machine. */
  readonly present: (world: World) => boolean;
  /** Why our entry must not be added, whatever its own file says: something else already provides the same. */
  readonly refuses?: (world: World) => string | undefined;
  /** The file's text with our entry; unchanged if it is already there. `text` is undefined if there is no file. */
  readonly add: (text: string | undefined, launch: Launch, name: string) => Result<string, EditCode>;
  /** The file's text without our entry. */
  readonly remove: (text: string, name: string) => Result<string, EditCode>;
  /** The file's text without what the client itself noted about us, where it does. */
  readonly forget?: (text: string, name: string) => string;
  /** Whether the file has our entry. */
  readonly has: (text: string, name: string) => boolean;
  /** The servers of a file: the user's, and those kept there for one folder. An unreadable file has none. */
  readonly entries?: (text: string, folder: string) => readonly ServerEntry[];
  /** What the person does next. */
  readonly next: string;
}

/** `not-ours`: something else has that name; `unreadable`: the file has errors; `shape`: it can't be edited in place. */
export type EditCode = "not-ours" | "unreadable" | "shape" | "twice";

/** The arguments of the command; `kind` tells the server which client it serves. */
export function serverArgs({ bundle }: Launch, kind: string): string[] {
  return [bundle, "mcp", "--client", kind];
}

/** Whether the words of a server's entry are ours. */
export function isOurs(words: readonly unknown[]): boolean {
  const at = words.indexOf("mcp");
  return at > 0 && words[at + 1] === "--client";
}
