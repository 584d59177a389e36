// The settings.json that a first start leaves behind: commented, filled as far as known.
import type { Result } from "@agora/protocol";
import { ensureHome, type Home, type HomeCode } from "./directory.ts";
import { createOnce } from "./private-file.ts";
import { ok } from "./result.ts";
import { type SettingsFile, settingsPath } from "./settings-file.ts";

/** What was written, and what a person must still fill in. */
export interface Example {
  readonly path: string;
  /** False when a settings.json was there already; it is left as it is. */
  readonly written: boolean;
  readonly missing: readonly string[];
}

/** One setting of the example: its comment, and what stands there when nothing is known. */
interface Line {
  readonly key: keyof SettingsFile;
  readonly comment: string;
  readonly sample: SettingsFile[keyof SettingsFile];
  readonly needed?: true;
}

const LINES: readonly Line[] = [
  {
    key: "relayUrl",
    comment: "The relay: wss://host, or ws://127.0.0.1:8080 on this machine.",
    sample: "wss://relay.example.org",
    needed: true,
  },
  {
    key: "token",
    comment: "The room's token, or an invite (agora1.…). It is only ever sent to the relay above.",
    sample: "agora1.…",
    needed: true,
  },
  { key: "room", comment: "The room.", sample: "lobby" },
  { key: "defaultName", comment: "Your name in the room; without it, the project folder's name.", sample: "alice" },
  { key: "mode", comment: "manual: mentions wait for you. auto: your agent answers them by itself.", sample: "manual" },
  { key: "hopLimit", comment: "Automatic answers in a row before a mention waits for a person.", sample: 3 },
  { key: "taskAgeMs", comment: "A mention older than this (milliseconds) waits for a person.", sample: 300_000 },
  {
    key: "chainBudget",
    comment:
      "Automatic turns of one chain, over all agents of the room, before a person is asked whether it may go on.",
    sample: 12,
  },
  {
    key: "autoFileBytes",
    comment: "Files up to this size (bytes) are fetched without asking; larger ones wait until you accept them.",
    sample: 25 * 1024 * 1024,
  },
  {
    key: "fileQuotaBytes",
    comment: "What received files may take in one project (bytes).",
    sample: 2 * 1024 ** 3,
  },
  {
    key: "share",
    comment: "What the room may see of this machine.",
    sample: { host: true, dir: true, branch: true, client: true },
  },
  {
    key: "caFile",
    comment: "More certificate authorities (PEM), for a relay with its own certificate.",
    sample: "~/relay-ca.pem",
  },
  {
    key: "historyMaxBytes",
    comment: "How much of each room's history is kept on this disk; without it, all.",
    sample: 1024 ** 3,
  },
  { key: "historyMaxAgeDays", comment: "How long history is kept; without it, for ever.", sample: 365 },
  {
    key: "undeliveredMaxAgeDays",
    comment: "How long a message is kept for somebody who does not come back.",
    sample: 90,
  },
];

/** Writes the commented example when there is no settings.json yet. */
export async function writeExampleSettings(home: Home, known: SettingsFile): Promise<Result<Example, HomeCode>> {
  const there = ensureHome(home);
  if (!there.ok) return there;
  const path = settingsPath(home);
  const example = exampleSettings(known);
  let made = false;
  const text = createOnce(path, () => {
    made = true;
    return example;
  });
  if (!text.ok) return text;
  const missing = LINES.filter((line) => line.needed && known[line.key] === undefined).map((line) => line.key);
  return ok({ path, written: made && text.value === example, missing });
}

/** The example's text: known values stand there, the others are commented out. */
export function exampleSettings(known: SettingsFile): string {
  const lines = LINES.flatMap(({ key, comment, sample }) => {
    const value = known[key];
    const mark = value === undefined ? "// " : "";
    return [`  // ${comment}`, `  ${mark}${JSON.stringify(key)}: ${JSON.stringify(value ?? sample)},`];
  });
  return ["// Agora's settings, yours alone: no project can change them.", "{", ...lines, "}", ""].join("\n");
}
