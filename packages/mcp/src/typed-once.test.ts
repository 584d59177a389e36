import { describe, expect, test } from "vitest";
import type { TypedOutcome } from "./typed-command.ts";
import { createTypedOnce, type TypedCall } from "./typed-once.ts";

const prompt = (text: string, id = ""): TypedCall => ({
  moment: "prompt",
  session: "s",
  prompt: text,
  id,
  wake: false,
});
const command = (text: string, id = ""): TypedCall => ({ moment: "command", session: "s", prompt: text, id });

function counted() {
  let done = 0;
  const carryOut = async (): Promise<TypedOutcome> => ({ answer: "block", text: `done ${++done}` });
  return { carryOut, done: () => done };
}

describe.each([
  ["as Claude Code 2.1.332 orders them", prompt, command],
  ["as Claude Code 2.1.197 orders them", command, prompt],
] as const)("two hooks of one prompt, %s", (_, first, second) => {
  test("carry the command out once, and both get what came of it", async () => {
    const typed = createTypedOnce();
    const { carryOut, done } = counted();
    const block = { answer: "block", text: "done 1" };
    expect(await typed.run(first("/agora:say x", "p1"), carryOut)).toEqual({ outcome: block, known: false });
    expect(await typed.run(second("/agora:say x", "p1"), carryOut)).toEqual({ outcome: block, known: true });
    expect(done()).toBe(1);
  });

  test("the second waits for what the first has begun, and the client has not read it", async () => {
    const typed = createTypedOnce();
    const patience = new AbortController();
    const { promise, resolve } = Promise.withResolvers<TypedOutcome>();
    void typed.run(first("/agora:say x", "p1"), () => promise, patience.signal);
    patience.abort();
    const { carryOut, done } = counted();
    const asked = typed.run(second("/agora:say x", "p1"), carryOut);
    resolve({ answer: "block", text: "said at last" });
    expect(await asked).toEqual({ outcome: { answer: "block", text: "said at last" }, known: false });
    expect(done()).toBe(0);
  });

  test("the same words typed again are another command, with ids and without", async () => {
    const typed = createTypedOnce();
    const { carryOut, done } = counted();
    for (const id of ["p1", "p2", "", ""]) {
      await typed.run(first("/agora:say x", id), carryOut);
      await typed.run(second("/agora:say x", id), carryOut);
    }
    expect(done()).toBe(4);
  });
});

test("one hook alone, again and again, is carried out each time", async () => {
  const typed = createTypedOnce();
  const { carryOut, done } = counted();
  for (let i = 0; i < 10; i++) await typed.run(prompt("agora:say x"), carryOut);
  expect(done()).toBe(10);
});
