// `link`: another device of the same person. A computer shows a code; where the root key lies, `link CODE` makes a link for it,
// which the new one starts with: the key in the link is sealed for that code. A browser opens an address, which lets it in after a yes.
import { createHash } from "node:crypto";
import {
  findProject,
  findRelayKey,
  isLinkCode,
  keyPair,
  linkCode,
  resolveSettings,
  sealDevice,
} from "@agora/user-config";
import { encodeInvite, fail, type Invite, isKey, maxBoxChars, ok, type Result } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { defineCommand } from "../define-command.ts";
import { wordsOfHash } from "../trust/verification-words.ts";
import {
  type AskingDevice,
  decideAbout,
  type Decided,
  linkedLine,
  makeBrowserLink,
  showBrowserLink,
  waitForBrowser,
} from "./link-browser.ts";

interface LinkWords {
  readonly code?: string | undefined;
  /** The beginning of the id of a browser that asks. */
  readonly asker?: string | undefined;
  /** What the person calls the new device. */
  readonly called?: string | undefined;
  /** Whether the six words are the same, if the person has said so. */
  readonly said?: boolean | undefined;
}

/** What `--json` prints: the code of this device, the link for another one and the name it is for, or who was decided about. */
export interface LinkResult extends Partial<Decided> {
  readonly code?: string;
  readonly link?: string;
  /** The id of a link for a browser, and when it ends, unix milliseconds. */
  readonly id?: string;
  readonly expires?: number;
  /** Why there is no link for a browser. */
  readonly why?: string;
  /** The six words that both devices show: of the code, or of the browser that was decided about. */
  readonly words: readonly string[];
}

const MAX_NAME_CHARS = 64;
const ANOTHER = "another device";
const PRINT = /^[A-Za-z0-9_-]{4,43}$/;

export const link = defineCommand({
  summary:
    "use the same name on another device: a phone opens the link; a computer says link, and its CODE is said here",
  words: ["[CODE]"],
  options: [
    { name: "name", value: "NAME", summary: "what you call the new device (default: another device)" },
    { name: "yes", summary: "the six words were compared, and are the same" },
    { name: "no", summary: "they are not" },
  ],
  group: "Room",
  example: "agora link",
  clients: { except: "a person's keys are handled at a terminal" },
  who: () => "person" as const,
  act: "the keys of a person",
  read: ({ words, options }) => read(words[0], options.get("name"), { yes: options.has("yes"), no: options.has("no") }),
  run,
});

function read(
  word: string | undefined,
  called: string | undefined,
  { yes, no }: { readonly yes: boolean; readonly no: boolean },
): Result<LinkWords, "usage"> {
  if (called !== undefined && (called.trim() === "" || called.length > MAX_NAME_CHARS))
    return fail("usage", `A device's name has 1 to ${MAX_NAME_CHARS} characters.`);
  if (yes && no) return fail("usage", "The words are the same (--yes), or they are not (--no).");
  const said = yes ? true : no ? false : undefined;
  const wish = { called: called?.trim(), said };
  if (word === undefined || isLinkCode(word)) return ok({ code: word, ...wish });
  if (word.startsWith("agora-device.") || !PRINT.test(word))
    return fail("usage", "link takes the code that the new device shows: it begins with agora-device.");
  return ok({ asker: word, ...wish });
}

function run({ code, asker, ...wish }: LinkWords, around: CommandContext): Promise<Answer<LinkResult>> {
  if (asker !== undefined) return decideAbout(asker, wish.said, around);
  return code === undefined ? showBoth(wish.called, around) : makeLink(code, wish, around);
}

/** What this device shows: its code, if it is the new one, and a link for a browser, if it is in a room already. */
async function showBoth(called: string | undefined, around: CommandContext): Promise<Answer<LinkResult>> {
  const code = linkCode(around.home, around.now());
  if (!code.ok) return code;
  const words = await wordsOfCode(code.value);
  const data = { code: code.value, words };
  const lines = [
    `1. Where you are in the room, in that project's folder: ${around.prefix}link ${code.value}`,
    `2. Compare there these six words: ${words.join(" ")}`,
    `3. Here, in the project's folder: ${around.prefix}start -, and paste the link that came out.`,
    "The code holds for ten minutes, and opens one link.",
  ];
  const place = findProject(around.home, around.project);
  if (!place.ok || place.value.project === undefined) return { ok: true, data, lines };
  const made = await makeBrowserLink(around, called);
  if (!made.ok) {
    const why = `No link for a browser: ${made.message}`;
    return { ok: true, data: { ...data, why: made.message }, lines: [...lines, "", why] };
  }
  const { link, id, expires, name } = made.value;
  const shown = await showBrowserLink(made.value, around);
  const both = [...shown, "", "Another computer, if this is the new one:", ...lines.map((line) => `  ${line}`)];
  const more = { link, id, expires, name };
  if (around.ask === undefined || around.terminal === undefined) {
    const how = `${around.prefix}devices shows who asks by it, and how to say yes.`;
    return { ok: true, data: { ...data, ...more }, lines: [...both, "", how] };
  }
  for (const line of both) around.terminal.warn(line);
  const linked: Result<AskingDevice> = await waitForBrowser(made.value, around);
  if (!linked.ok) return linked;
  const result = { ...linked.value, linked: true };
  return { ok: true, data: { ...more, ...result }, lines: [linkedLine(result)] };
}

async function makeLink(
  code: string,
  { called = ANOTHER, said }: Pick<LinkWords, "called" | "said">,
  around: CommandContext,
): Promise<Answer<LinkResult>> {
  const { home } = around;
  const place = findProject(home, around.project);
  if (!place.ok) return place;
  const { project } = place.value;
  if (project === undefined)
    return fail("no-project", "Type link CODE in the folder of a project that is in the room.");
  const settings = await resolveSettings({ home, path: project.path, project, env: {}, trustEnv: false, typed: {} });
  if (!settings.ok) return settings;
  const { relay, room, root, token, name: memberName } = settings.value;
  const words = await wordsOfCode(code);
  const question = `Does the new device show these six words: ${words.join(" ")}?`;
  if (said === undefined && around.ask === undefined) return fail("usage", `${question} Then say it again with --yes.`);
  if (!(said ?? (await around.ask!.yes(question))))
    return fail("not-allowed", "Nothing was linked: somebody may have changed the code on its way.");
  const at = { origin: relay.origin, room };
  const member = await keyPair(home, { ...at, name: memberName });
  if (!member.ok) return member;
  const kept = findRelayKey(home, relay.origin);
  if (!kept.ok) return kept;
  const relayKey = kept.value !== undefined && isKey(kept.value.key) ? { relayKey: kept.value.key } : {};
  const more = root === undefined ? {} : { root };
  const invite: Invite = { ...{ v: 1, relay: relay.url, room, token }, ...more, ...relayKey };
  const sealed = await sealDevice(home, at, code, {
    name: called,
    member: member.value,
    memberName,
    maxChars: maxBoxChars(invite, memberName),
    now: around.now(),
  });
  if (!sealed.ok) return sealed;
  const link = encodeInvite({ ...invite, link: { name: memberName, ...sealed.value } });
  return {
    ok: true,
    data: { link, name: memberName, words },
    lines: [
      `A link for the new device, which is @${memberName} in ${room} with it; start there with it (agora start -):`,
      "",
      link,
      "",
      "Whoever has it can enter the room: send it to yourself alone. agora devices shows the device, and revokes it.",
    ],
  };
}

/** Six words of the BIP-39 list, 66 bits of the code's hash. */
async function wordsOfCode(code: string): Promise<readonly string[]> {
  return wordsOfHash(createHash("sha256").update(`agora-link-words-v1\n${code}`).digest("base64url"));
}
