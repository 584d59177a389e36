// Linking a device: what is sealed for a code opens with that code's key alone, and makes its holder a device of the same person.
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSigner, createVerifier, generateKeyPair } from "@agora/ports";
import {
  chainOf,
  decodeInvite,
  encodeInvite,
  type Invite,
  type KeyClaims,
  maxBoxChars,
  type Result,
  signStatement,
} from "@agora/protocol";
import { afterEach, expect, test } from "vitest";
import { findHome, type Home } from "./directory.ts";
import { isLinkCode, linkCode, openDevice, sealDevice } from "./link-device.ts";
import { keyPair, memberKeyPath } from "./member-key.ts";
import { editPerson, personKeys, personPath } from "./person-keys.ts";
import { renewPerson } from "./renew-person.ts";

const AT = { origin: "wss://relay.example.org", room: "lab" };
const HERS = { ...AT, name: "alice" };
const NOW = 1_800_000_000_000;
const made: string[] = [];
afterEach(() => {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
});
const home = (): Home => {
  const path = mkdtempSync(join(tmpdir(), "agora-link-"));
  made.push(path);
  return findHome({ AGORA_HOME: path });
};
const must = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.message);
  return result.value;
};
const seal = async (from: Home, code: string, maxChars = 6_000) => {
  const member = must(await keyPair(from, { ...AT, name: "alice" }));
  return sealDevice(from, AT, code, { name: "phone", member, memberName: "alice", maxChars, now: NOW });
};

test("a device is certified by the root, and opens its key with the code that it showed [INVITE-2] [DEVICE-12]", async () => {
  const [laptop, phone] = [home(), home()];
  const root = must(await personKeys(laptop, AT, "laptop")).root!.key;
  const code = must(linkCode(phone, NOW));
  expect(isLinkCode(code)).toBe(true);
  expect(must(linkCode(phone, NOW + 1_000))).toBe(code);
  const sealed = must(await seal(laptop, code));
  must(await openDevice(phone, HERS, sealed, NOW + 1_000));
  const there = must(await personKeys(phone, AT, "unused"));
  expect(there.root).toBeUndefined();
  expect(there.name).toBe("phone");
  expect(must(await personKeys(laptop, AT, "laptop")).statements).toContain(there.statements[0]);
  const { key } = must(await keyPair(laptop, { ...AT, name: "alice" }));
  const chain = must(chainOf(there.statements, key, { room: "lab", name: "alice" }, createVerifier()));
  expect(chain.root).toBe(root);
  must(await openDevice(phone, HERS, sealed, NOW + 60 * 60_000)); // once linked, the same link is not a mistake
});

test("no other device opens it, nor does a code that is too old, nor one that has a person of its own", async () => {
  const [laptop, phone, thief, other] = [home(), home(), home(), home()];
  must(await personKeys(laptop, AT, "laptop"));
  const sealed = must(await seal(laptop, must(linkCode(phone, NOW))));
  must(linkCode(thief, NOW));
  expect(await openDevice(thief, HERS, sealed, NOW)).toMatchObject({ ok: false, code: "not-this-device" });
  expect(await openDevice(home(), HERS, sealed, NOW)).toMatchObject({ ok: false, code: "not-this-device" });
  expect(await openDevice(phone, HERS, sealed, NOW + 11 * 60_000)).toMatchObject({
    ok: false,
    code: "not-this-device",
  });
  expect(await openDevice(phone, { ...HERS, room: "den" }, sealed, NOW)).toMatchObject({ ok: false });
  must(await personKeys(other, AT, "its own"));
  expect(await openDevice(other, HERS, sealed, NOW)).toMatchObject({ ok: false, code: "other-person" });
  must(await openDevice(phone, HERS, sealed, NOW));
});

test("a code is a code, and a device without the root makes no link", async () => {
  const [laptop, phone, tablet] = [home(), home(), home()];
  must(await personKeys(laptop, AT, "laptop"));
  expect(await seal(laptop, "agora-device.short")).toMatchObject({ ok: false, code: "bad-code" });
  must(await openDevice(phone, HERS, must(await seal(laptop, must(linkCode(phone, NOW)))), NOW));
  expect(await seal(phone, must(linkCode(tablet, NOW)))).toMatchObject({ ok: false, code: "no-root" });
});

test("a link is one still, however much its person has revoked: the new device is given what leads to the root, and what ended last [INVITE-2]", async () => {
  const [laptop, phone] = [home(), home()];
  const { root } = must(await personKeys(laptop, AT, "laptop"));
  const state = async (claims: KeyClaims): Promise<string> => (await signStatement(claims, createSigner(root!))).jws;
  const about = { ...AT, by: root!.key, iat: NOW / 1_000 };
  const last = Array.from({ length: 8 }, (_, n) => ({ audience: `#channel${n}`, seq: 1_000, hash: root!.key }));
  const revoked = await Promise.all(
    Array.from({ length: 6 }, () => state({ ...about, act: "revoke", key: generateKeyPair().key, last })),
  );
  const word = await state({ ...about, act: "recovery", hash: root!.key });
  must(await editPerson(laptop, AT, (file) => ({ ...file, statements: [...file.statements, ...revoked, word] })));
  const invite: Invite = { v: 1, relay: AT.origin, room: AT.room, token: "t".repeat(1_000) };
  const sealed = must(await seal(laptop, must(linkCode(phone, NOW)), maxBoxChars(invite, "alice")));
  const read = decodeInvite(encodeInvite({ ...invite, link: { name: "alice", ...sealed } }));
  must(await openDevice(phone, HERS, read!.link!, NOW));
  const { statements } = must(await personKeys(phone, AT, "unused"));
  expect(statements).toEqual(expect.arrayContaining([word, revoked.at(-1)]));
  expect(statements).not.toContain(revoked[0]);
  const long = { ...invite, token: "t".repeat(4_096) };
  expect(await seal(laptop, must(linkCode(phone, NOW)), maxBoxChars(long, "alice"))).toMatchObject({
    code: "too-long",
  });
});

test("a device that was linked before is told by another link that it counts no more, and how it is linked anew", async () => {
  const [laptop, phone, stranger] = [home(), home(), home()];
  must(await personKeys(laptop, AT, "laptop"));
  must(await personKeys(stranger, AT, "a stranger's"));
  const relink = async (from: Home) => openDevice(phone, HERS, must(await seal(from, must(linkCode(phone, NOW)))), NOW);
  const deviceKey = async () => must(await personKeys(phone, AT, "unused")).device.key;
  must(await relink(laptop));
  const first = await deviceKey();
  must(await relink(laptop)); // another project of the same room
  expect(await relink(stranger)).toMatchObject({ code: "ended-device" });
  expect(await deviceKey()).toBe(first);
  must(await renewPerson(laptop, AT, generateKeyPair(), NOW));
  const refused = await relink(laptop);
  const [person, key] = [personPath(phone, AT.origin, AT.room), memberKeyPath(phone, HERS)];
  expect(refused).toMatchObject({ code: "ended-device" });
  expect(refused.ok ? "" : refused.message).toContain(`remove ${person} and ${key}, and type agora link again`);
  rmSync(person);
  must(await relink(laptop));
  expect(await deviceKey()).not.toBe(first);
});

test("a device that its person has revoked is linked anew by the next link alone, also after a death in the middle; its old keys are set aside", async () => {
  const [laptop, phone] = [home(), home()];
  const { root } = must(await personKeys(laptop, AT, "laptop"));
  const relink = async () => openDevice(phone, HERS, must(await seal(laptop, must(linkCode(phone, NOW)))), NOW);
  const deviceKey = async () => must(await personKeys(phone, AT, "unused")).device.key;
  const memberKey = async () => must(await keyPair(phone, HERS)).key;
  const revoke = async (): Promise<void> => {
    const about = { ...AT, by: root!.key, iat: NOW / 1_000 };
    const claims: KeyClaims = { ...about, act: "revoke", key: await deviceKey(), last: [] };
    const { jws } = await signStatement(claims, createSigner(root!));
    must(await editPerson(laptop, AT, (file) => ({ ...file, statements: [...file.statements, jws] })));
  };
  expect(must(await relink())).toEqual({ aside: [] });
  const first = [await deviceKey(), await memberKey()];
  await revoke();
  const places = [personPath(phone, AT.origin, AT.room), memberKeyPath(phone, HERS)].map((path) => `${path}.ended`);
  expect(must(await relink())).toEqual({ aside: places });
  const second = [await deviceKey(), await memberKey()];
  for (const [n, path] of places.entries()) {
    expect(readFileSync(path, "utf8")).toContain(first[n]);
    expect(readFileSync(path, "utf8")).not.toContain(second[n]);
    expect(statSync(path).mode & 0o077).toBe(0);
  }
  expect(must(await relink())).toEqual({ aside: [] });
  expect([await deviceKey(), await memberKey()]).toEqual(second);
  await revoke();
  // It died when the member's key was set aside, and nothing else.
  rmSync(memberKeyPath(phone, HERS));
  must(await relink());
  expect(second).not.toContain(await deviceKey());
  expect(second).not.toContain(await memberKey());
});
