// The committed page is what the sources give, and holds nothing that its policy would refuse.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { buildConsole, CONSOLE_DIST } from "../../scripts/build-console.ts";

const committed = Object.fromEntries(
  readdirSync(CONSOLE_DIST).map((name) => [name, readFileSync(join(CONSOLE_DIST, name), "utf8")]),
);

test('is what the sources give ("pnpm build" renews it)', async () => {
  expect(Object.keys(committed).sort()).toEqual(Object.keys(await buildConsole()).sort());
  expect(committed).toEqual(await buildConsole());
});

test.each(["index.html", "member.html"])(
  "%s has no inline script or style, and loads nothing from elsewhere",
  (name) => {
    const html = committed[name]!;
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=")|<style|\sstyle=|\son\w+=/);
    expect(
      [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((m) => m[1]).filter((url) => !url!.startsWith("./")),
    ).toEqual([]);
  },
);
