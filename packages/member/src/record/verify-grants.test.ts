// A grant that was taken back carries nothing that came after, and what came before stays.
import { bob, carol as lea, alice as olga, root, verifier } from "../../../protocol/vectors/source/actors.ts";
import { CARD, CONTROL, GRANT, type GrantClaims, jwtText, MAY, type OpenEvent, type Signer } from "@agora/protocol";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Author, lineOf, START } from "../../test/chained-author.ts";
import type { HistoryRecord } from "../kernel/record.ts";
import { verifyRecord } from "./verify.ts";

const verify = (lines: readonly HistoryRecord[]) =>
  verifyRecord(
    lines.map((line, i) => ({ where: `line ${i + 1}`, text: JSON.stringify(line) })),
    { verifier, root: root.key },
  );
const codes = (events: readonly OpenEvent[]): string[] => verify(events.map(lineOf)).faults.map(({ code }) => code);

const grantBy = (by: Signer, claims: Partial<GrantClaims> & { readonly jti: string }): string => {
  const text = jwtText({ room: "lab", grant: "operator", iat: START / 1_000, ...claims });
  return `${text}.${by.sign(text)}`;
};
const olgas = grantBy(root, { jti: "olgas-grant", key: olga.key, may: [...MAY] });
const bobs = grantBy(root, { jti: "bobs-grant", key: bob.key, may: [...MAY] });
const leas = grantBy(olga, { jti: "leas-grant", grant: "lead", key: lea.key, may: ["member"], parent: olgas });
const olgasOther = grantBy(root, { jti: "olgas-other-grant", key: olga.key });

const cast = (): { readonly olga: Author; readonly bob: Author; readonly lea: Author } => ({
  olga: new Author("olga", olga, "lab"),
  bob: new Author("bob", bob, "lab"),
  lea: new Author("lea", lea, "lab"),
});
const control = (who: Author, grant: string, more: object = { act: "stop" }): OpenEvent =>
  who.say(JSON.stringify({ ...more, grant }), { kind: "control" }, CONTROL);
const takeBack = (who: Author, grant: string, ids: readonly string[]): OpenEvent =>
  control(who, grant, { act: "revoke", ids });
const card = (who: Author, grant: string): OpenEvent =>
  who.say(JSON.stringify({ title: "Ours", grant }), { kind: "card" }, CARD);
const give = (who: Author, grant: string): OpenEvent =>
  who.say(grant, { kind: "grant", to: [{ member: "lea", key: lea.key }] }, GRANT);

test("what rests on a grant before it was taken back is no fault, and anything after is one [GRANT-10]", () => {
  const use = {
    stop: ({ olga: who }) => control(who, olgas),
    card: ({ lea: who }) => card(who, leas),
    give: ({ olga: who }) => give(who, leas),
  } as const satisfies Readonly<Record<string, (all: ReturnType<typeof cast>) => OpenEvent>>;
  const uses = fc.array(fc.constantFrom(...(["stop", "card", "give"] as const)), { maxLength: 5 });
  fc.assert(
    fc.property(uses, uses, (before, after) => {
      const all = cast();
      const good = before.map((what) => use[what](all));
      const events = [...good, takeBack(all.bob, bobs, ["olgas-grant"]), ...after.map((what) => use[what](all))];
      const { faults, notes } = verify(events.map(lineOf));
      expect(faults.map(({ code, where }) => [code, where])).toEqual(
        after.map((_, i) => ["revoked-grant", `line ${good.length + 2 + i}`]),
      );
      expect(notes).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

test("a sentence says whose word took the grant back", () => {
  const all = cast();
  const late = control(all.olga, olgas);
  expect(verify([takeBack(all.bob, bobs, ["olgas-grant"]), late].map(lineOf)).faults).toEqual([
    {
      code: "revoked-grant",
      where: "line 2",
      message: `${late.head.id} by @olga rests on a grant that @bob had taken back.`,
    },
  ]);
});

test("of two operators who take each other's grants back the first did, and of one the latest word counts [GRANT-10]", () => {
  const all = cast();
  expect(
    codes([
      takeBack(all.bob, bobs, ["olgas-grant"]),
      takeBack(all.olga, olgas, ["bobs-grant"]),
      control(all.bob, bobs),
      control(all.olga, olgasOther),
    ]),
  ).toEqual(["revoked-grant"]);
  const again = cast();
  expect(
    codes([
      takeBack(again.bob, bobs, ["olgas-grant"]),
      takeBack(again.bob, bobs, ["another-grant"]),
      control(again.olga, olgas),
    ]),
  ).toEqual([]);
});

test("a word that has no grant, was withheld or has a grant that was taken back takes nothing back", () => {
  const { lea: who, olga: operator } = cast();
  const word = takeBack(who, leas, ["olgas-grant"]);
  const stop = control(operator, olgas);
  expect(codes([word, stop])).toEqual(["forged-grant"]);
  const { bob: other, olga: again } = cast();
  const withheld = { ...lineOf(takeBack(other, bobs, ["olgas-grant"])), withheld: "no operator's grant" };
  expect(verify([withheld, lineOf(control(again, olgas))]).faults).toEqual([]);
});

test("a word that was withheld since the grant was taken back is no fault", () => {
  const all = cast();
  const lines = [takeBack(all.bob, bobs, ["olgas-grant"]), control(all.olga, olgas)].map(lineOf);
  expect(verify(lines.with(1, { ...lines[1]!, withheld: "no operator's grant" })).faults).toEqual([]);
});

test("what came before this member heard that the grant had been taken back is noted, and no fault", () => {
  const all = cast();
  const [word, stop] = [takeBack(all.bob, bobs, ["olgas-grant"]), control(all.olga, olgas)].map(lineOf);
  const { faults, notes } = verify([stop!, { ...word!, late: true as const }]);
  expect(faults).toEqual([]);
  expect(notes).toMatchObject([{ code: "unchecked", where: "line 1" }]);
});
