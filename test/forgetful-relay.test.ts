// The relay keeps nothing: not on a disk, and not over its own end.
import { readdirSync, readFileSync } from "node:fs";
import type { AnswerData } from "@agora/commands";
import { expect, test } from "vitest";
import { RawMember } from "../relay-server/test/raw-member.ts";
import { acquainted, Town, until } from "./test-users.ts";

test("it writes no file, and after its end nobody learns from it what was said", async () => {
  await using town = new Town();
  await (await town.relay()).end(); // its key and its token were made at its first start
  const relay = await town.relay();
  const alice = town.person("alice", relay);
  const bob = town.person("bob", relay);
  for (const person of [alice, bob]) expect((await person.start()).code).toBe(0);
  await acquainted(alice, bob);
  const before = readdirSync(town.folder).sort();
  const said = await alice.ask<AnswerData["say"]>(["say", "@bob", "between us"]);
  await alice.ask(["say", "for all"]);
  await until("bob has it", async () =>
    (await bob.ask<AnswerData["inbox"]>(["inbox"])).find((item) => item.id === said.id),
  );
  expect(readdirSync(town.folder).sort()).toEqual(before);
  // What Linux counts is more than a look into folders: bytes that this process ever gave to a disk.
  if (process.platform === "linux") {
    expect(readFileSync(`/proc/${relay.pid}/io`, "utf8")).toMatch(/^write_bytes: 0$/m);
  }
  for (const person of [alice, bob]) await person.type(["stop"]);
  await relay.end("SIGKILL");

  const again = await town.relay(["--port", relay.port, "--token", relay.token]);
  using carol = await RawMember.join({ url: again.url }, { name: "carol" }, { token: again.token, after: "0-0" });
  await carol.say("who was here?");
  expect(carol.entered.members.map((member) => member.name)).not.toContain("alice");
  expect(carol.frames.filter((frame) => frame.type === "event")).toEqual([]);
});
