import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createVerifier } from "@agora/ports";
import { openStatement } from "@agora/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findHome, type Home } from "./directory.ts";
import { editPerson, personKeys } from "./person-keys.ts";

const ROOM = { origin: "wss://relay.example.org", room: "lab" };
let dir: string;
let home: Home;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "agora-persons-"));
  home = findHome({ AGORA_HOME: dir });
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test("a person's keys are made once, however many ask at once, are secret, and the root certifies the device", async () => {
  const all = await Promise.all(Array.from({ length: 8 }, (_, n) => personKeys(home, ROOM, `device ${n}`)));
  const files = all.map((one) => (one.ok ? one.value : undefined));
  expect(new Set(files.map((file) => file?.root?.key)).size).toBe(1);
  const { root, device, statements, name } = files[0]!;
  const opened = openStatement(statements[0]!, createVerifier());
  expect(opened).toMatchObject({
    value: { claims: { act: "certify", as: "device", by: root!.key, key: device.key, name, ...ROOM } },
  });
  const [file] = readdirSync(join(dir, "persons"));
  expect(statSync(join(dir, "persons", file!)).mode & 0o077).toBe(0);
  const other = await personKeys(home, { ...ROOM, room: "den" }, "laptop");
  expect(other.ok && other.value.root?.key).not.toBe(root!.key);
});

test("what is kept is changed by one at a time, and nothing of it is lost", async () => {
  await personKeys(home, ROOM, "laptop");
  const add = (word: string): ReturnType<typeof editPerson> =>
    editPerson(home, ROOM, (file) => ({ ...file, statements: [...file.statements, word] }));
  await Promise.all(["one", "two", "three"].map(add));
  const file = await personKeys(home, ROOM, "laptop");
  expect(file.ok && file.value.statements.slice(1).toSorted()).toEqual(["one", "three", "two"]);
});

test("a file that is damaged is said, and no other keys are made in its place", async () => {
  await personKeys(home, ROOM, "laptop");
  const path = join(dir, "persons", readdirSync(join(dir, "persons"))[0]!);
  writeFileSync(path, "{}");
  expect(await personKeys(home, ROOM, "laptop")).toMatchObject({ code: "bad-file" });
});
