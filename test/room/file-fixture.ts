// What tests of files share: writing, giving and looking at them in the places of `fixture.ts`.
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FileState } from "@agora/ipc";
import { say } from "../../packages/member/src/messages/say.ts";
import { type Member, must, type Place, until } from "./fixture.ts";

/** Waits until a member sees the others named. */
export const online = (member: Member, ...names: string[]): Promise<unknown> =>
  Promise.all(names.map((name) => until(`${name} is here`, () => member.room.members.isHere(name) || undefined)));
/** Writes a file of random bytes into the project; its content. */
export const put = (place: Place, name: string, size: number): Buffer => {
  const bytes = randomBytes(size);
  writeFileSync(join(place.dir, "project", name), bytes);
  return bytes;
};
/** Gives a file of the project to others; the message's id. */
export const send = async (member: Member, to: string[], file: string): Promise<string> =>
  must(await say(member.room, { via: "cli", text: "", to, file }, undefined)).id;
/** What a member knows of a file. */
export const stateAt = (member: Member, id: string): FileState | undefined => member.room.files.stateOf(id);
/** Waits until a member has stored a file. */
export const stored = (member: Member, id: string): Promise<FileState> =>
  until(`the file ${id} is stored`, () => (stateAt(member, id)?.state === "stored" ? stateAt(member, id) : undefined));
/** What a stored file holds. */
export const contentAt = (place: Place, file: FileState): Buffer =>
  readFileSync(join(place.dir, "project", file.path!));
/** The names of the parts that came so far. */
export const partsAt = (place: Place): string[] =>
  readdirSync(join(place.dir, "project", ".agora", "files")).filter((name) => name.startsWith(".part-"));
/** The names of the copies that wait to be sent. */
export const copiesAt = (place: Place): string[] => readdirSync(join(place.dir, "project", ".agora", "sent"));
