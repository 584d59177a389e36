// What an invite prints is what works: each way in is told only when it is there, and the browser's really leads to a page.
import { afterAll, beforeAll, expect, test } from "vitest";
import { Town } from "./test-users.ts";

let town: Town;
beforeAll(() => {
  town = new Town();
});
afterAll(() => town[Symbol.asyncDispose]());

test("with a console the browser's way is there, and leads to the page", async () => {
  const [plain, withConsole] = [await town.relay(), await town.relay(["--console"])];
  for (const [name, relay] of [["ann", plain] as const, ["eve", withConsole] as const]) {
    const person = town.person(name, relay);
    await person.start();
    const { out, err } = await person.type(["invite", "bob"]);
    expect(err).toBe("");
    const invite = /^agora1\.\S+$/m.exec(out)![0];
    expect(out).toContain("\n  agora start -n bob\n");
    expect(out).toContain(`\n  /agora:start -n bob ${invite}\n`);
    expect(out).toContain(`\n  agora:start -n bob ${invite}\n`);
    expect(out).toMatch(/\n {2}npx -y \.\/agora-cli-[\d.]+\.tgz start -n bob\n/);
    expect(/^ .*echo agora1\.\S+ \| .*$/m.exec(out)![0]).toMatch(/ start -n bob -$/);
    const address = /^ {2}(http:\S+)#invite=(\S+)$/m.exec(out);
    expect([name, address?.[2]]).toEqual([name, name === "ann" ? undefined : invite]);
    if (address !== null) {
      const page = await fetch(address[1]!);
      expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("<title>") as string]);
    }
  }
});
