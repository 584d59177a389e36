// `devices`: the devices of this person in the room, and what only the person decides about them. The recovery words are shown and
// read at a terminal alone: whatever else writes down what is said to it.
import type { DevicesResult, DeviceState, DeviceResult } from "@agora/ipc";
import { fail, harmlessLine, ok, type Result } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import { defineCommand } from "../define-command.ts";
import { READY_TIMEOUT_MS } from "../connection/ready.ts";
import { PLAIN, showTime } from "../show.ts";
import { type AskingDevice, askingDevices, askingLines } from "./link-browser.ts";
import { makeWords, recover } from "./recovery.ts";

/** What is asked: the list, or a decision. */
type DevicesWords =
  | { readonly act: "list" | "rotate" | "words" | "recover" }
  | { readonly act: "revoke"; readonly id: string }
  | { readonly act: "rename"; readonly id: string; readonly to: string };

/** What `--json` prints: the list, what was decided, or the recovery words. */
export interface DevicesWordResult extends Partial<Omit<DevicesResult, "devices">>, Partial<DeviceResult> {
  readonly devices?: readonly DeviceState[];
  readonly words?: readonly string[];
  /** Who came by a link and waits for the person's yes. */
  readonly asking?: readonly AskingDevice[];
}

export const devices = defineCommand({
  summary:
    "your devices in this room: list, rename or revoke one, give this one a new key, make recovery words, or renew your root key with them",
  words: ["[revoke|rename|rotate|words|recover]", "[ID]", "[TO]"],
  options: [],
  group: "Room",
  example: "agora devices revoke 3fQx9a",
  clients: { except: "a person's keys are handled at a terminal, where no client writes the recovery words down" },
  who: ({ act }: DevicesWords) => (act === "list" ? "anyone" : "person"),
  act: "the keys of a person",
  read: ({ words }) => read(words),
  run,
});

function read([act = "list", id, to]: readonly string[]): Result<DevicesWords, "usage"> {
  if (act === "list" || act === "rotate" || act === "words" || act === "recover")
    return id === undefined ? ok({ act }) : fail("usage", `devices ${act} takes no more words.`);
  if (act === "revoke" && id !== undefined && to === undefined) return ok({ act, id });
  if (act === "rename" && id !== undefined && to !== undefined) return ok({ act, id, to });
  return fail(
    "usage",
    "Type devices, devices revoke ID, devices rename ID NAME, devices rotate, devices words, or devices recover.",
  );
}

async function run(command: DevicesWords, around: CommandContext): Promise<Answer<DevicesWordResult>> {
  const { via } = around;
  switch (command.act) {
    case "list":
      return list(around);
    case "revoke":
      return decided(await askDaemon(around, "device", { via, act: "revoke", id: command.id }), "is revoked");
    case "rename":
      return decided(
        await askDaemon(around, "device", { via, act: "rename", id: command.id, to: command.to }),
        "has this name now",
      );
    case "rotate":
      return rotate(around);
    case "words":
      return makeWords(around);
    case "recover":
      return recover(around);
  }
}

/** The daemon that has the old key ends, and the next one starts with the new one. */
async function rotate(around: CommandContext): Promise<Answer<DeviceResult>> {
  const rotated = await askDaemon(around, "device", { via: around.via, act: "rotate" });
  if (!rotated.ok) return rotated;
  const renewed = await around.renew();
  if (!renewed.ok) return renewed;
  const timeoutMs = READY_TIMEOUT_MS;
  const ready = await renewed.value.request("ready", { timeoutMs }, { timeoutMs: timeoutMs * 2 });
  const isTold = ready.ok;
  return {
    ok: true,
    data: { ...rotated.value, state: isTold ? "relayed" : "queued" },
    lines: [
      `this device signs with a new key${isTold ? "" : "; the room is told when the relay is reached"}`,
      "  what the old one said still counts, and it says nothing more; nobody has to trust you anew",
      "  grants that others gave to the old key (operator, lead) have to be given again, open invites without a name made anew, and channels that",
      "  you opened with it have no owner any more: an operator or a lead decides in them",
    ],
  };
}

async function list(around: CommandContext): Promise<Answer<DevicesWordResult>> {
  const answer = await askDaemon(around, "devices", {});
  if (!answer.ok) return answer;
  const { devices: all, root, hasRoot, hasWords } = answer.value;
  const paint = around.paint ?? PLAIN;
  const asking = await askingDevices(around);
  if (root === undefined)
    return { ok: true, data: answer.value, lines: ["this member is a name and a key: no person is known behind it"] };
  const lines = all.map((one) => `  ${showDevice(one, around.now())}`);
  return {
    ok: true,
    data: { ...answer.value, ...(asking.length === 0 ? {} : { asking }) },
    lines: [
      `your devices in ${harmlessLine(answer.value.room, 64)}:`,
      ...lines,
      ...askingLines(asking, around.prefix).map((line) => `  ${line}`),
      paint.dim(hasRoot ? "  your root key lies on this device" : "  your root key lies on another device"),
      ...(hasWords
        ? []
        : [
            paint.bad(
              `  no recovery words yet: ${around.prefix}devices words makes them, against the loss of your root key`,
            ),
          ]),
    ],
  };
}

function showDevice({ id, name, since, members, this: isThis, here, revoked }: DeviceState, now: number): string {
  const facts = [
    ...(isThis === true ? ["this one"] : []),
    ...(here === true ? ["here now"] : []),
    ...(revoked === true ? ["revoked"] : []),
    `since ${showTime(since, now)}`,
    ...(members.length === 0 ? [] : [members.map((member) => `@${harmlessLine(member, 40)}`).join(" ")]),
  ];
  return `${id}  ${harmlessLine(name, 64)}: ${facts.join(", ")}`;
}

function decided(asked: Result<DeviceResult>, done: string): Answer<DeviceResult> {
  if (!asked.ok) return asked;
  const { device, state } = asked.value;
  const told = state === "relayed" ? "" : "; the room is told when the relay is reached";
  const what = `${device?.id ?? ""} ${harmlessLine(device?.name ?? "", 64)}`.trim();
  return { ok: true, data: asked.value, lines: [`${what} ${done}${told}`] };
}
