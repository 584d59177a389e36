import { expect, it } from "vitest";
import { scratchHome } from "../test/scratch.ts";
import { createRoomRoot, roomRoot, signGrant, verifyGrant } from "./room-root.ts";

it("makes a room's root once", async () => {
  const home = scratchHome();
  expect(roomRoot(home, "den")).toMatchObject({ ok: false, code: "no-root" });
  const first = await createRoomRoot(home, "den");
  const second = await createRoomRoot(home, "den");
  expect(first).toMatchObject({ ok: true, value: { created: true } });
  expect(second).toMatchObject({ ok: true, value: { created: false } });
  const root = roomRoot(home, "den");
  expect(root.ok && first.ok && root.value.key === first.value.key).toBe(true);
});

it("signs grants that the public half alone verifies", async () => {
  const home = scratchHome();
  const root = await createRoomRoot(home, "den");
  const other = await createRoomRoot(home, "other");
  const signed = await signGrant(home, { room: "den", grant: "operator", sub: "alice", exp: 2_000_000_000 });
  if (!root.ok || !other.ok || !signed.ok) throw new Error("not made");
  const { jwt, claims } = signed.value;
  expect(await verifyGrant(root.value.key, jwt, 1_900_000_000_000)).toEqual({
    ok: true,
    value: { ...claims, lineage: [claims] },
  });
  expect(claims).toMatchObject({ room: "den", grant: "operator", sub: "alice" });
  expect(await verifyGrant(root.value.key, jwt, 2_000_000_001_000)).toMatchObject({ ok: false, code: "expired-grant" });
  expect(await verifyGrant(other.value.key, jwt)).toMatchObject({ ok: false, code: "bad-grant" });
  expect(await verifyGrant("no key", jwt)).toMatchObject({ ok: false, code: "bad-grant" });
  const [head, , sig] = jwt.split(".");
  const spare = `${jwt.slice(0, -1)}${String.fromCodePoint(jwt.codePointAt(jwt.length - 1)! + 1)}`;
  expect(await verifyGrant(root.value.key, spare)).toMatchObject({ ok: false, code: "bad-grant" });
  const forged = Buffer.from(JSON.stringify({ ...claims, sub: "eve" })).toString("base64url");
  expect(await verifyGrant(root.value.key, `${head}.${forged}.${sig}`)).toMatchObject({ ok: false, code: "bad-grant" });
  const none = Buffer.from(JSON.stringify({ alg: "none" })).toString("base64url");
  expect(await verifyGrant(root.value.key, `${none}.${forged}.`)).toMatchObject({ ok: false, code: "bad-grant" });
});

it("signs nothing for a room without a root, nor a grant that could not be read", async () => {
  const home = scratchHome();
  await createRoomRoot(home, "den");
  expect(await signGrant(home, { room: "other", grant: "member" })).toMatchObject({ ok: false, code: "no-root" });
  expect(await signGrant(home, { room: "den", grant: "member", sub: "No Name" })).toMatchObject({
    ok: false,
    code: "bad-grant",
  });
});
