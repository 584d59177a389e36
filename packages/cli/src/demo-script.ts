// The demo's story. Every line comes from what a command printed as JSON, or from a file under `.agora`.
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { AnswerData } from "@agora/commands";
import { type DeliveryState, fail, harmlessLine, ok, type Result } from "@agora/protocol";
import type { Actor } from "./demo-actor.ts";

const PATIENCE_MS = 60_000;
const POLL_MS = 150;

class Stuck extends Error {}

/** Plays it; `show` gets each line, `pids` each daemon that must be gone at the end. */
export async function playDemo(
  alice: Actor,
  bob: Actor,
  relay: string,
  show: (who: string, line: string) => void,
  pids: (pid: number) => void,
): Promise<Result<void>> {
  try {
    for (const actor of [alice, bob]) await enter(actor, relay, show, pids);
    const asked = await mention(alice, bob, show);
    await answer(alice, bob, asked, show);
    await sendFile(alice, bob, show);
    for (const actor of [bob, alice]) {
      const left = await ask<"stop">(actor, ["stop"]);
      show(actor.name, `left ${left.room ?? "?"}`);
    }
    return ok(undefined);
  } catch (error) {
    if (error instanceof Stuck) return fail("failed", error.message);
    throw error;
  }
}

type Show = (who: string, line: string) => void;

async function enter(actor: Actor, relay: string, show: Show, pids: (pid: number) => void): Promise<void> {
  const joined = await ask<"start">(actor, ["start", "-n", actor.name, "--relay", relay]);
  show(
    actor.name,
    `joined ${joined.room} as ${joined.name} (mode=${joined.mode}), online: ${joined.online.join(", ")}`,
  );
  const { daemon } = await ask<"status">(actor, ["status"]);
  pids(daemon.pid);
}

async function mention(alice: Actor, bob: Actor, show: Show): Promise<AnswerData["say"]> {
  const said = await ask<"say">(alice, ["say", `@${bob.name}`, "Can you look at the failing test in the parser?"]);
  show(alice.name, `said to @${said.to.join(" @")} (${said.state}), thread ${said.thread.slice(0, 8)}`);
  const item = await until(`${bob.name}'s inbox`, async () =>
    (await ask<"inbox">(bob, ["inbox"])).find((waiting) => waiting.thread === said.thread),
  );
  show(bob.name, `inbox: ${item.from} (${item.role}): ${harmlessLine(item.text)}`);
  return said;
}

async function answer(alice: Actor, bob: Actor, asked: AnswerData["say"], show: Show): Promise<void> {
  const seen = new Set<DeliveryState>();
  const look = async (): Promise<DeliveryState | undefined> => {
    const { events } = await ask<"status">(alice, ["status", asked.id]);
    const state = events.find((event) => event.id === asked.id)?.deliveries.find((d) => d.member === bob.name)?.state;
    if (state !== undefined && !seen.has(state)) {
      seen.add(state);
      show(alice.name, `status: ${bob.name}: ${state}`);
    }
    return state;
  };
  await until("the delivery", async () => ((await look()) === "queued" || !seen.size ? undefined : true));
  const accepted = await ask<"accept">(bob, ["accept", asked.thread]);
  show(
    bob.name,
    `accepted thread ${accepted.item.thread.slice(0, 8)} of ${accepted.item.from} (${accepted.item.state})`,
  );
  await look();
  const reply = await ask<"say">(bob, [
    "say",
    `@${alice.name}`,
    "--thread",
    asked.thread,
    "--role",
    "agent",
    "Fixed: an off-by-one in the tokenizer.",
  ]);
  show(bob.name, `answered as ${reply.role} (${reply.state})`);
  const line = await until("the answer", async () =>
    (await ask<"history">(alice, ["history", "--thread", asked.thread])).lines.find((l) => l.id === reply.id),
  );
  show(alice.name, `history: ${line.author} (${line.role}): ${harmlessLine(line.text)}`);
  await until("the last state", async () => ((await look()) === "answered" ? true : undefined));
}

async function sendFile(alice: Actor, bob: Actor, show: Show): Promise<void> {
  await writeFile(join(alice.project, "report.txt"), "All 41 tests pass.\n".repeat(5_000));
  const said = await ask<"say">(alice, ["say", `@${bob.name}`, "--file", "report.txt", "The report."]);
  if (said.file === undefined) throw new Stuck("The file was not offered.");
  show(
    alice.name,
    `offered ${harmlessLine(said.file.name)}: ${said.file.size} bytes, sha256 ${said.file.sha256.slice(0, 16)}…`,
  );
  const file = await until("the file", async () => {
    const { lines } = await ask<"history">(bob, ["history", "--limit", "5"]);
    const here = lines.find((l) => l.id === said.id)?.file;
    return here?.state === "stored" && here.path !== undefined ? { ...here, path: here.path } : undefined;
  });
  const bytes = await readFile(join(bob.project, file.path));
  const hash = createHash("sha256").update(bytes).digest("hex");
  if (hash !== said.file.sha256) throw new Stuck(`The file that arrived has another hash: ${hash}.`);
  show(bob.name, `stored ${file.path}: ${bytes.length} bytes, sha256 ${hash.slice(0, 16)}…`);
}

async function ask<N extends keyof AnswerData>(actor: Actor, words: readonly string[]): Promise<AnswerData[N]> {
  const answer = await actor.run(words);
  if (!answer.ok) throw new Stuck(answer.message);
  return answer.value as AnswerData[N];
}

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Stuck(`Waited ${PATIENCE_MS / 1_000} s for ${what}.`);
    await sleep(POLL_MS);
  }
}
