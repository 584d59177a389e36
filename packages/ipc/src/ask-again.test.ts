import { fail, ok } from "@agora/user-config";
import { expect, it } from "vitest";
import { askAgain, type Line } from "./ask-again.ts";
import type { IpcCode } from "./messages.ts";

/** A line that answers with these codes, one after the other, then well; `asked` counts. */
function lineOf(...codes: IpcCode[]): Line & { readonly asked: () => number } {
  let asked = 0;
  return {
    asked: () => asked,
    closed: Promise.resolve(),
    request: () => {
      const code = codes[asked];
      asked += 1;
      return Promise.resolve(code === undefined ? ok({} as never) : fail(code, "no"));
    },
  };
}

it("goes on at the successor after `moved`; after `gone` only with what bears its own id", async () => {
  const next = lineOf();
  const reopen = () => Promise.resolve(ok(next));
  expect(await askAgain(lineOf("moved"), reopen)("who", {})).toMatchObject({ ok: true });
  expect(await askAgain(lineOf("gone"), reopen)("who", {})).toMatchObject({ ok: false, code: "gone" });
  const say = { via: "cli", text: "x", to: [] } as const;
  expect(await askAgain(lineOf("gone"), reopen)("say", { ...say, to: [] })).toMatchObject({ ok: false });
  expect(await askAgain(lineOf("gone"), reopen)("say", { ...say, to: [], id: "i" })).toMatchObject({ ok: true });
  expect(next.asked()).toBe(2);
});

it("gives up where it would go on for ever, or where nobody is", async () => {
  const endless = lineOf("moved", "moved", "moved", "moved", "moved");
  const answer = await askAgain(endless, () => Promise.resolve(ok(endless)))("who", {});
  expect([answer.ok, endless.asked()]).toEqual([false, 3]);
  const away = () => Promise.resolve(fail("not-joined", "no room"));
  expect(await askAgain(lineOf("moved"), away)("who", {})).toMatchObject({ code: "not-joined" });
});
