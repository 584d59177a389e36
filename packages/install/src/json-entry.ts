// Our entry in a JSON file that people write by hand: comments, order and indentation stay as they are.
import {
  applyEdits,
  getNodeValue,
  modify,
  type Node,
  findNodeAtLocation,
  parseTree,
  type ParseError,
} from "jsonc-parser";
import { fail, ok } from "@agora/user-config";
import type { Result } from "@agora/protocol";
import { type EditCode, isOurs } from "./client.ts";
import type { ServerEntry } from "./own-entry.ts";

export interface JsonPlace {
  /** The path to the servers: `["mcpServers"]`. */
  readonly servers: readonly string[];
  /** The path to the command's words in an entry. */
  readonly words: (entry: unknown) => readonly unknown[];
}

/** The words of `{ command, args }`. */
export function commandAndArgs(entry: unknown): readonly unknown[] {
  if (typeof entry !== "object" || entry === null) return [];
  const { command, args } = entry as { command?: unknown; args?: unknown };
  return [command, ...(Array.isArray(args) ? (args as unknown[]) : [])];
}

/** Adds `entry` under `name`; refuses if something else has that name. */
export function addEntry(
  text: string | undefined,
  place: JsonPlace,
  name: string,
  entry: Readonly<Record<string, unknown>>,
): Result<string, EditCode> {
  const before = text === undefined || text.trim() === "" ? "{}\n" : text;
  const root = readRoot(before);
  if (!root.ok) return root;
  const odd = oddPart(root.value, place);
  if (odd !== undefined) return odd;
  const there = entryOf(root.value, place, name);
  if (there !== undefined && !isOurs(place.words(there))) {
    return fail("not-ours", `There is another server named ${name} already: choose another name with --name.`);
  }
  const isSame = JSON.stringify(there) === JSON.stringify({ ...entry, ...environmentOf(there) });
  if (there !== undefined && isSame) return ok(before);
  return ok(edit(before, [...place.servers, name], { ...entry, ...environmentOf(there) }));
}

/** What the person wrote there for our server: by which room a session joins, for one. It stays when the entry is written anew. */
function environmentOf(entry: unknown): object {
  const { env, environment } = (entry ?? {}) as { readonly env?: unknown; readonly environment?: unknown };
  return { ...(env === undefined ? {} : { env }), ...(environment === undefined ? {} : { environment }) };
}

/** Removes our entry; what we didn't write stays. */
export function removeEntry(text: string, place: JsonPlace, name: string): Result<string, EditCode> {
  const root = readRoot(text);
  if (!root.ok) return root;
  if (!hasEntry(text, place, name)) return ok(text);
  return ok(edit(text, [...place.servers, name], undefined));
}

/** The entries at these places; none of a file that can't be read. */
export function entriesAt(
  text: string,
  places: readonly (readonly string[])[],
  words: JsonPlace["words"],
): readonly ServerEntry[] {
  const root = readRoot(text);
  if (!root.ok) return [];
  return places.flatMap((path) => {
    const node = findNodeAtLocation(root.value, [...path]);
    const servers: unknown = node === undefined ? undefined : getNodeValue(node);
    if (typeof servers !== "object" || servers === null) return [];
    return Object.values(servers as Record<string, unknown>).flatMap((entry) => {
      if (typeof entry !== "object" || entry === null) return [];
      const { env, environment = env } = entry as { readonly env?: unknown; readonly environment?: unknown };
      return [{ words: words(entry), env: environment }];
    });
  });
}

export function hasEntry(text: string, place: JsonPlace, name: string): boolean {
  const root = readRoot(text);
  return root.ok && isOurs(place.words(entryOf(root.value, place, name)));
}

function entryOf(root: Node, { servers }: JsonPlace, name: string): unknown {
  const node = findNodeAtLocation(root, [...servers, name]);
  return node === undefined ? undefined : (getNodeValue(node) as unknown);
}

function readRoot(text: string): Result<Node, EditCode> {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true, disallowComments: false });
  if (root === undefined || errors.length > 0)
    return fail("unreadable", "The file can't be read as JSON, so it was left alone: correct it first.");
  if (root.type !== "object")
    return fail(
      "unreadable",
      `The file holds ${named(root)} where an object belongs, so it was left alone: correct it first.`,
    );
  return ok(root);
}

/** The value on the path to our entry that isn't an object, if any: nothing can be added to it. */
function oddPart(root: Node, { servers }: JsonPlace): Result<never, EditCode> | undefined {
  const paths = servers.map((_, index) => servers.slice(0, index + 1));
  for (const path of paths) {
    const part = findNodeAtLocation(root, [...path]);
    if (part === undefined || part.type === "object") continue;
    return fail(
      "unreadable",
      `"${path.join(".")}" is ${named(part)} where an object belongs, so the file was left alone: correct it first.`,
    );
  }
  return undefined;
}

function named({ type }: Node): string {
  return type === "null" ? "null" : type === "array" || type === "object" ? `an ${type}` : `a ${type}`;
}

function edit(text: string, path: string[], value: unknown): string {
  const indent = /\n([ \t]+)\S/.exec(text)?.[1] ?? "  ";
  const formattingOptions = {
    insertSpaces: !indent.startsWith("\t"),
    tabSize: indent.startsWith("\t") ? 1 : indent.length,
    eol: text.includes("\r\n") ? "\r\n" : "\n",
  };
  return applyEdits(text, modify(text, path, value, { formattingOptions }));
}
