// e2e-p99: from `say` until the words are in what a session's hook gives the model, through both daemons, the relay and the seat:
// the slowest in a hundred against the middle one.
import { openRoomServer } from "./mcp-client.ts";
import { openPair } from "./pair.ts";
import type { Row } from "./row.ts";

const WARM_UP = 30;
const MEASURED = 400;
const PATIENCE_MS = 10_000;

/** Measures the whole way of a message. */
export async function endToEnd(): Promise<Row[]> {
  await using pair = await openPair();
  await using room = await openRoomServer(pair.alice);
  const hook = (event: string) =>
    room.call("hook", { event, prompt: "go on", session: "bench", promptId: "p", agentId: "", tool: "" });
  await hook("UserPromptSubmit");
  const times: number[] = [];
  for (let n = 0; n < WARM_UP + MEASURED; n += 1) {
    const word = `word-${n}-`;
    const began = performance.now();
    const said = pair.bob.daemon.request("say", { via: "cli", text: word, to: [] });
    while (!(await hook("UserPromptSubmit")).includes(word))
      if (performance.now() - began > PATIENCE_MS) throw new Error("What Bob said was not given to the session.");
    if (n >= WARM_UP) times.push(performance.now() - began);
    const result = await said;
    if (!result.ok) throw new Error(result.message);
    await hook("Stop");
  }
  times.sort((a, b) => a - b);
  const [p50, p99] = [times[Math.floor(MEASURED * 0.5)]!, times[Math.floor(MEASURED * 0.99)]!];
  const why = `${p99.toFixed(1)} ms, the slowest in a hundred, against ${p50.toFixed(1)} ms, the middle one`;
  return [{ name: "e2e-p99", ratio: p99 / p50, goal: 5, better: "lower", why }];
}
