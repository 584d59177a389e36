// `link`: another device of the same person. The new device shows a code; where the root key lies, `link CODE` makes a link for it,
// which the new one starts with. Nothing of it is a secret that others could use: the key in the link is sealed for that code.
import { createHash } from "node:crypto";
import { findProject, findRelayKey, isLinkCode, keyPair, linkCode, resolveSettings, sealDevice } from "@agora/home";
import { encodeInvite, fail, type Invite, isKey, maxBoxChars, ok, type Result } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { defineCommand } from "../define-command.ts";
import { wordsOf } from "./recovery.ts";

interface LinkWords {
  readonly code?: string | undefined;
  /** What the person calls the new device. */
  readonly called: string;
  readonly yes: boolean;
}

/** What `--json` prints: the code of this device, or the link for another one and the name it is for. */
export interface LinkResult {
  readonly code?: string;
  readonly link?: string;
  readonly name?: string;
  /** The six words that both devices show. */
  readonly words: readonly string[];
}

const MAX_NAME_CHARS = 64;

export const link = defineCommand({
  summary: "use the same name on another device: link there, link CODE here, then start with the link there",
  words: ["[CODE]"],
  options: [
    { name: "name", value: "NAME", summary: "what you call the new device (default: another device)" },
    { name: "yes", summary: "the six words were compared" },
  ],
  group: "Room",
  example: "agora link",
  clients: { except: "a person's keys are handled at a terminal" },
  who: () => "person" as const,
  act: "the keys of a person",
  read: ({ words, options }) => read(words[0], options.get("name") ?? "another device", options.has("yes")),
  run,
});

function read(code: string | undefined, called: string, yes: boolean): Result<LinkWords, "usage"> {
  if (code !== undefined && !isLinkCode(code))
    return fail("usage", "link takes the code that the new device shows: it begins with agora-device.");
  if (called.trim() === "" || called.length > MAX_NAME_CHARS)
    return fail("usage", `A device's name has 1 to ${MAX_NAME_CHARS} characters.`);
  return ok({ code, called: called.trim(), yes });
}

function run({ code, ...wish }: LinkWords, around: CommandContext): Promise<Answer<LinkResult>> {
  return code === undefined ? showCode(around) : makeLink(code, wish, around);
}

async function showCode(around: CommandContext): Promise<Answer<LinkResult>> {
  const code = linkCode(around.home, around.now());
  if (!code.ok) return code;
  const words = await wordsOfCode(code.value);
  return {
    ok: true,
    data: { code: code.value, words },
    lines: [
      `1. Where you are in the room, in that project's folder: ${around.prefix}link ${code.value}`,
      `2. Compare there these six words: ${words.join(" ")}`,
      `3. Here, in the project's folder: ${around.prefix}start -, and paste the link that came out.`,
      "The code holds for ten minutes, and opens one link.",
    ],
  };
}

async function makeLink(
  code: string,
  { called, yes }: Omit<LinkWords, "code">,
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
  if (!yes && around.ask === undefined) return fail("usage", `${question} Then say it again with --yes.`);
  if (!yes && !(await around.ask!.yes(question)))
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
  const hash = createHash("sha256").update(`agora-link-words-v1\n${code}`).digest();
  return (await wordsOf(hash.subarray(0, 16))).slice(0, 6);
}
