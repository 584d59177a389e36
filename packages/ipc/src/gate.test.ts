import { manualClock } from "@agora/ports/testing";
import type { Result } from "@agora/protocol";
import { expect, it } from "vitest";
import { createGate } from "./gate.ts";
import type { IpcCode } from "./messages.ts";

type Answered = Result<unknown, IpcCode>;

function slow(): { readonly work: () => Promise<Answered>; readonly end: () => void } {
  let end = (): void => undefined;
  const done = new Promise<Answered>((resolve) => {
    end = () => resolve({ ok: true, value: "done" });
  });
  return { work: () => done, end };
}

it("finishes what is under way, sends back what only waits, begins nothing new", async () => {
  const gate = createGate(manualClock());
  const [saying, waiting] = [slow(), slow()];
  const said = gate.pass(false, saying.work);
  const waited = gate.pass(true, waiting.work);
  let closed = false;
  const closing = gate.close(1_000).then(() => {
    closed = true;
  });
  expect(await waited).toMatchObject({ ok: false, code: "moved" });
  let begun = false;
  const late = await gate.pass(false, () => {
    begun = true;
    return slow().work();
  });
  expect(late).toMatchObject({ ok: false, code: "moved" });
  expect([begun, closed, gate.closed]).toEqual([false, false, true]);
  saying.end();
  expect(await said).toMatchObject({ ok: true, value: "done" });
  await closing;
});

it("does not wait for ever", async () => {
  const clock = manualClock();
  const gate = createGate(clock);
  void gate.pass(false, slow().work);
  const closing = gate.close(1_000);
  clock.advance(1_000);
  await closing;
});
