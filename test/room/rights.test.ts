// What each role may do, asked of real members at a real relay; and what readers do with what somebody decides without a right.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { channel } from "../../packages/member/src/channels/requests.ts";
import { createRoomRoot, findHome, signGrant } from "@agora/user-config";
import type { Relay } from "@agora/relay";
import { CARD, CHANNEL, GRANT } from "@agora/protocol";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { makePlace, type Member, must, openRelay, request, until } from "./fixture.ts";
import { eventFrame, Peer } from "./peer.ts";
import { ScriptedRelay } from "./scripted-relay.ts";

const NAMES = ["olga", "opal", "lea", "chris", "mia", "obs"] as const;
type Name = (typeof NAMES)[number];

let relay: Relay;
let root: string;
const places = NAMES.map((name) => makePlace(name));
const members = {} as Record<Name, Member>;

async function open(name: Name, more = {}): Promise<Member> {
  const place = places[NAMES.indexOf(name)]!;
  return await place.open(relay.port, { root, ...more }, { owns: name === "olga" });
}

/** olga owns the room and makes opal an operator; opal makes lea a lead, and chris one of #build; mia is a member, obs looks. */
beforeAll(async () => {
  const home = findHome({ AGORA_HOME: join(places[0]!.dir, "home") });
  root = must(await createRoomRoot(home, "lobby")).key;
  relay = await openRelay(0, 2_000, root);
  const observes = must(await signGrant(home, { room: "lobby", grant: "observer" })).jwt;
  for (const name of NAMES) members[name] = await open(name, name === "obs" ? { token: observes } : {});
  for (const name of NAMES)
    await until(`${name} sees all`, () => NAMES.every((one) => one === name || members[name].room.members.isHere(one)));
  must(await request(members.olga, "grant", { via: "cli", member: "opal" }));
  await until("opal is an operator", () => members.opal.room.controls.mayControl());
  must(await request(members.opal, "appoint", { via: "cli", member: "@lea" }));
  must(await request(members.opal, "appoint", { via: "cli", member: "chris", channel: "#build" }));
  await until("lea leads", () => members.lea.room.controls.grantFor("card"));
  await until("chris leads there", () => members.chris.room.controls.grantFor("channel", "build"));
  // mia opens the channels, and nobody else believes to: no other's right to them is an owner's.
  for (const name of ["mia", "opal", "lea", "chris", "olga", "obs"] as const)
    for (const place of ["build", "lunch"]) {
      if (name !== "mia") await until(`${name} sees #${place}`, () => members[name].room.channels.has(place, "mia"));
      must(await channel(members[name].room, { via: "cli", act: "join", channel: place }));
    }
  for (const name of NAMES)
    await until(`${name} sees the channels`, () =>
      NAMES.every((one) => ["build", "lunch"].every((place) => members[name].room.channels.has(place, one))),
    );
});
afterAll(async () => {
  for (const name of NAMES) await members[name]?.[Symbol.asyncDispose]();
  await relay.close();
  for (const place of places) place.remove();
});

const may = async (name: Name, what: Promise<{ readonly ok: boolean; readonly code?: string }>): Promise<boolean> => {
  const answer = await what;
  expect([name, answer.ok || answer.code === "not-allowed"]).toEqual([name, true]);
  return answer.ok;
};

describe("each role", () => {
  const via = "cli" as const;
  const rows: Readonly<
    Record<string, readonly [ask: (member: Member) => Promise<{ ok: boolean; code?: string }>, who: readonly Name[]]>
  > = {
    speak: [(m) => request(m, "say", { via, text: "hello", to: [] }), ["olga", "opal", "lea", "chris", "mia"]],
    "manage #build": [
      (m) => request(m, "channel", { via, act: "topic", channel: "build", text: m.room.me }),
      ["olga", "opal", "lea", "chris", "mia"],
    ],
    "manage #lunch": [
      (m) => request(m, "channel", { via, act: "topic", channel: "lunch", text: m.room.me }),
      ["olga", "opal", "lea", "mia"],
    ],
    card: [(m) => request(m, "setCard", { via, title: `by ${m.room.me}` }), ["olga", "opal", "lea"]],
    "invite members": [(m) => request(m, "invite", { via, name: "zoe" }), ["olga", "opal", "lea"]],
    "make a lead": [(m) => request(m, "appoint", { via, member: "mia", channel: "none" }), ["olga", "opal"]],
    "make an operator": [(m) => request(m, "grant", { via, member: "opal" }), ["olga"]],
    pause: [(m) => request(m, "control", { via, act: "pause", member: "obs" }), ["olga", "opal"]],
  };
  test.each(Object.keys(rows))("%s [RIGHT-1] [RIGHT-2] [RIGHT-3]", async (what) => {
    const [ask, who] = rows[what]!;
    const able: Name[] = [];
    for (const name of NAMES) if (await may(name, ask(members[name]))) able.push(name);
    expect(able).toEqual(who);
  });

  test("a lead takes the own invite back: it lets nobody in any more, and who came by it is in still", async () => {
    const { lea } = members;
    const [open, named] = [
      must(await request(lea, "invite", { via, uses: 5 })),
      must(await request(lea, "invite", { via, name: "zed" })),
    ];
    const admitted = { name: "gus", key: "k".repeat(43), jti: "grant-of-gus", iat: 1, at: 1 };
    must(lea.store.in({ op: "admitted", invite: open.id, admitted }));
    const taken = await request(lea, "revokeInvite", { via, id: open.id });
    expect(must(taken)).toEqual({ id: open.id, used: [], left: ["gus"] });
    const { invites } = must(await request(lea, "invites", { via }));
    expect(invites.find(({ id }) => id === open.id)).toMatchObject({ ended: "revoked" });
    expect(await request(lea, "revokeInvite", { via, id: named.id })).toMatchObject({ code: "not-allowed" });
  });

  test("an agent sets no card and makes no leads", async () => {
    for (const via of ["tool", "shell"] as const) {
      expect(await request(members.olga, "setCard", { via, title: "x" })).toMatchObject({ code: "not-allowed" });
      expect(await request(members.olga, "appoint", { via, member: "mia" })).toMatchObject({ code: "not-allowed" });
    }
  });

  test("what a lead decided holds for everybody, and the room sees after a new start that it leads [RIGHT-1]", async () => {
    must(await request(members.lea, "setCard", { via: "cli", title: "The shop", purpose: "Orders." }));
    must(
      await request(members.chris, "channel", { via: "cli", act: "topic", channel: "build", text: "by a lead of it" }),
    );
    for (const name of NAMES) {
      await until(
        `${name} has the card`,
        async () => must(await request(members[name], "card", {})).title === "The shop",
      );
      await until(`${name} has the topic`, () =>
        members[name].room.channels
          .list()
          .some(({ name: one, topic }) => one === "build" && topic === "by a lead of it"),
      );
    }
    await members.lea[Symbol.asyncDispose]();
    members.lea = await open("lea");
    await until("it is told", async () => {
      const { members: seen } = must(await request(members.mia, "who", {}));
      return seen.find(({ name }) => name === "lea")?.grant === "lead";
    });
    expect(must(await request(members.lea, "card", {})).mine).toBe(true);
  });

  test("a newcomer is given the card whatever its age, and changes of one field keep the others [CARD-4]", async () => {
    const url = "https://git.example.org/shop.git";
    must(await request(members.opal, "setCard", { via: "cli", repositories: [{ url, label: "shop" }] }));
    const old = must(await request(members.opal, "card", {}));
    expect(old).toMatchObject({
      title: "The shop",
      purpose: "Orders.",
      repositories: [{ url, label: "shop" }],
      by: "opal",
    });
    const place = makePlace("nell");
    // Its own ring is empty, and its history shows nothing of what was said before.
    const nell = await place.open(relay.port, { root });
    try {
      // What lea and what opal set are two events.
      await until("it has the card", async () => {
        const { title, by } = must(await request(nell, "card", {}));
        return title === "The shop" && by === "opal";
      });
      expect(must(await request(nell, "card", {}))).toEqual({ ...old, mine: undefined });
    } finally {
      await nell[Symbol.asyncDispose]();
      place.remove();
    }
    for (const wrong of [
      { repositories: [{ url: "https://me:secret@example.org/a", label: "a" }] },
      { repositories: [{ url, label: "a b" }] },
      { without: ["none"] },
      {
        repositories: [
          { url, label: "a" },
          { url, label: "a" },
        ],
      },
    ])
      expect(await request(members.opal, "setCard", { via: "cli", ...wrong })).toMatchObject({ code: "bad-request" });
    expect(await request(members.opal, "setCard", { via: "cli", title: "x".repeat(101) })).toMatchObject({
      code: "too-long",
    });
    must(await request(members.opal, "setCard", { via: "cli", purpose: "", without: ["shop"] }));
    const now = must(await request(members.opal, "card", {}));
    expect([now.title, now.purpose, now.repositories]).toEqual(["The shop", undefined, []]);
  });
});

test("what was decided and given is in force after a power cut that left the history alone [CONTROL-4] [GRANT-8] [CARD-3]", async () => {
  const place = makePlace("alice");
  const home = findHome({ AGORA_HOME: join(places[0]!.dir, "home") });
  const lea = new Peer("lea");
  const scripted = new ScriptedRelay();
  scripted.members = [lea.presence()];
  const open = async (): Promise<Member> => {
    const alice = await place.open(1, { root }, { dial: scripted.dial });
    await until("joined", () => alice.room.connection().state === "joined");
    return alice;
  };
  const inForce = async (alice: Member): Promise<unknown> => [
    must(await request(alice, "card", {})).title,
    alice.room.controls.brake()?.act,
    alice.room.controls.mayControl(),
  ];
  try {
    const alice = await open();
    const sign = async (key: string) => must(await signGrant(home, { room: "lobby", grant: "operator", key })).jwt;
    const [hers, mine] = [await sign(lea.key), await sign(alice.room.myKey)];
    const to = [{ member: "alice", key: alice.room.myKey }];
    const said = [
      lea.seal(JSON.stringify({ title: "The shop", grant: hers }), { kind: "card" }, CARD),
      lea.sealControl({ act: "pause", grant: hers }),
      lea.seal(mine, { kind: "grant", must: true, to }, GRANT),
    ];
    for (const [n, event] of said.entries()) scripted.give(eventFrame(event, `1700000000000-${n + 1}`));
    const all = ["The shop", "pause", true];
    await until("all of it holds", async () => JSON.stringify(await inForce(alice)) === JSON.stringify(all));
    alice.crash();
    writeFileSync(join(place.dir, "project", ".agora", "inbox.jsonl"), "");
    const again = await open();
    try {
      expect(await inForce(again)).toEqual(all);
    } finally {
      await again[Symbol.asyncDispose]();
    }
  } finally {
    place.remove();
  }
});

describe("a relay that passes on what it should not", () => {
  test("gets no reader to obey a card or a channel's word without the right to it [RIGHT-3]", async () => {
    const place = makePlace("alice");
    const home = findHome({ AGORA_HOME: join(places[0]!.dir, "home") });
    const [lea, mia] = [new Peer("lea"), new Peer("mia")];
    const scripted = new ScriptedRelay();
    scripted.members = [lea.presence(), mia.presence()];
    const alice = await place.open(1, { root }, { dial: scripted.dial });
    try {
      await until("joined", () => alice.room.connection().state === "joined");
      const sign = async (more: object) => must(await signGrant(home, { room: "lobby", grant: "lead", ...more })).jwt;
      const [leads, inBuild] = [await sign({ key: lea.key }), await sign({ key: lea.key, channel: "build" })];
      let n = 0;
      const give = (event: ReturnType<Peer["seal"]>): void => {
        n += 1;
        scripted.give(eventFrame(event, `${Date.now()}-${n}`));
      };
      const titled = (by: Peer, title: string, grant: string | undefined, draft = {}): void =>
        give(
          by.seal(
            JSON.stringify({ title, ...(grant === undefined ? {} : { grant }) }),
            { kind: "card", ...draft },
            CARD,
          ),
        );
      const title = async () => must(await request(alice, "card", {})).title;

      titled(lea, "first", leads);
      await until("a lead's counts", async () => (await title()) === "first");
      titled(mia, "no grant", undefined);
      titled(mia, "another's grant", leads);
      titled(lea, "of a channel", inBuild);
      titled(lea, "bound to nobody", await sign({}));
      titled(lea, "an observer's", await sign({ key: lea.key, grant: "observer" }));
      titled(lea, "over", await sign({ key: lea.key, exp: 1_000 }));
      titled(lea, "a model's", leads, { role: "agent" });
      titled(lea, "too\nlong", leads);
      titled(lea, "beyond clocks", leads, { time: Date.now() + 11 * 365 * 86_400_000 });
      give(mia.seal("and a word"));
      await until("all were heard", () => JSON.stringify([...alice.store.history.back()]).includes("and a word"));
      expect(await title()).toBe("first");

      must(await channel(alice.room, { via: "cli", act: "join", channel: "build" }));
      must(await channel(alice.room, { via: "cli", act: "join", channel: "lunch" }));
      const topic = (name: string) => alice.room.channels.list().find((one) => one.name === name)?.topic;
      const says = (by: Peer, name: string, text: string, grant: string | undefined): void =>
        give(by.seal(JSON.stringify({ act: "topic", text, grant }), { kind: "channel", channel: name }, CHANNEL));
      says(lea, "build", "by its lead", inBuild);
      await until("it counts there", () => topic("build") === "by its lead");
      says(lea, "lunch", "by a lead of another", inBuild);
      says(mia, "build", "by nobody", undefined);
      says(mia, "build", "by another's grant", inBuild);
      says(lea, "lunch", "by a lead", leads);
      await until("the room's lead counts", () => topic("lunch") === "by a lead");
      expect(topic("build")).toBe("by its lead");
    } finally {
      await alice[Symbol.asyncDispose]();
      place.remove();
    }
  });
});
