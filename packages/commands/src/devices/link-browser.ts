// The part of `link` for a browser: an address that a phone reads as a QR code off the terminal, and the question whether both
// show the same six words.
import type { LinkDeviceResult, DeviceLinkState, LinkAsker } from "@agora/ipc";
import { fail, harmlessLine, ok, type Result } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import { wordsOfHash } from "../trust/verification-words.ts";
import { qrLines } from "./qr-code.ts";

/** A device that asks, and the words that stand on it. */
export interface AskingDevice extends LinkAsker {
  readonly words: readonly string[];
}

/** What `--json` prints of a device that was decided about. */
export interface Decided extends AskingDevice {
  readonly linked: boolean;
}

const MINUTE_MS = 60_000;
/** How long one request waits, and how much longer its answer may take. */
const WAIT_MS = 30_000;
const ASK_MS = 40_000;
const LOOK_MS = 3_000;
const SHOWN_CHARS = 8;
const LOCAL = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
const ONLY_HERE = "This relay is reached on this machine alone: the link opens in a browser here, and on no phone.";
const NO_HTTPS = "A browser takes part over https alone, and this relay has none: the link will not open elsewhere.";
const NO_CONSOLE =
  "This relay serves no page at that address: whoever runs it starts it with --console; the link then opens there.";

/** Makes a link at the project's daemon. */
export function makeBrowserLink(around: CommandContext, called: string | undefined): Promise<Result<LinkDeviceResult>> {
  return askDaemon(around, "linkDevice", { via: around.via, ...(called === undefined ? {} : { called }) });
}

/** The link as a person sees it, with a code where the terminal has room for one. */
export async function showBrowserLink(made: LinkDeviceResult, around: CommandContext): Promise<readonly string[]> {
  const { link, name, room, expires } = made;
  const columns = around.terminal?.columns;
  const code = columns === undefined ? undefined : await qrLines(link, columns, around.paint?.ink);
  const missing = await lacksConsole(link);
  return [
    `A phone or another browser: open this there, and it is @${harmlessLine(name, 40)} in ${harmlessLine(room, 64)} with you.`,
    "",
    ...(code === undefined ? [] : [...code, ""]),
    link,
    "",
    ...(missing ? [NO_CONSOLE] : []),
    ...reachWords(new URL(link)),
    `It holds for ${minutesTo(expires, around)}, lets one in, and only after your yes here: send it to yourself alone.`,
  ];
}

/** Waits at a terminal until a device came by the link, asking about each that does. */
export async function waitForBrowser(made: LinkDeviceResult, around: CommandContext): Promise<Result<AskingDevice>> {
  const say = (sentence: string): void => around.terminal?.warn(sentence);
  let left = "";
  for (;;) {
    const span = minutesTo(made.expires, around);
    if (span !== left) say(`Waiting for it, ${span} left (Ctrl-C ends the waiting; agora devices goes on with it).`);
    left = span;
    const state = await askDaemon(around, "awaitLink", { id: made.id, timeoutMs: WAIT_MS }, ASK_MS);
    if (!state.ok) return state;
    const { ended, by, asking } = state.value;
    if (ended === "used" && by !== undefined) return ok(await withWords(by));
    if (ended !== undefined) return fail("timeout", "Nobody was linked: the link's ten minutes are over.");
    if (asking[0] === undefined) continue;
    const decided = await askAbout(asking[0], state.value, around);
    if (!decided.ok && decided.code !== "unknown-recipient") return decided;
    if (decided.ok && decided.value.linked) return ok(decided.value);
    left = "";
  }
}

async function askAbout(
  first: LinkAsker,
  { asking }: DeviceLinkState,
  around: CommandContext,
): Promise<Result<Decided>> {
  const one = await withWords(first);
  if (asking.length > 1)
    around.terminal?.warn(`${asking.length} devices came by this link, so somebody else may have it. The first one:`);
  const isSame = await around.ask!.yes(question(one));
  return decide(one, isSame, around);
}

function question({ name, words }: AskingDevice): string {
  return `${harmlessLine(name, 64)} asks to be linked. Does it show these six words: ${words.join(" ")}?`;
}

/** The person's word on a device that asks, whose print begins so. */
export async function decideAbout(
  print: string,
  said: boolean | undefined,
  around: CommandContext,
): Promise<Answer<Decided>> {
  const found = (await askingDevices(around)).filter((one) => one.print.startsWith(print));
  const [one] = found;
  if (one === undefined || found.length > 1)
    return fail(
      "unknown-recipient",
      "No single device that asks to be linked has an id that begins so: agora devices shows who asks.",
    );
  if (said === undefined && around.ask === undefined)
    return fail("usage", `${question(one)} Then say it again with --yes, or with --no.`);
  const decided = await decide(one, said ?? (await around.ask!.yes(question(one))), around);
  return decided.ok ? { ok: true, data: decided.value, lines: [linkedLine(decided.value)] } : decided;
}

async function decide(one: AskingDevice, yes: boolean, around: CommandContext): Promise<Result<Decided>> {
  const decided = await askDaemon(around, "decideLink", { via: around.via, print: one.print, yes });
  return decided.ok ? ok({ ...one, linked: yes }) : decided;
}

/** What a person is told of a decision. */
export function linkedLine({ name, linked }: Pick<Decided, "name" | "linked">): string {
  const who = harmlessLine(name, 64);
  return linked
    ? `${who} is linked: it is you now. agora devices shows it, renames and revokes it.`
    : `${who} was not linked. Whoever it is has your link: make another one if it was not you.`;
}

/** The devices that ask to be linked, with their words; none at a daemon that does not know of links. */
export async function askingDevices(around: Pick<CommandContext, "daemon">): Promise<readonly AskingDevice[]> {
  const links = await askDaemon(around, "deviceLinks", {});
  if (!links.ok) return [];
  return Promise.all(links.value.links.flatMap(({ asking }) => asking).map(withWords));
}

/** One line each, with how to decide. */
export function askingLines(asking: readonly AskingDevice[], prefix: string): readonly string[] {
  return asking.flatMap(({ name, print, words }) => [
    `${harmlessLine(name, 64)} asks to be linked, and shows: ${words.join(" ")}`,
    `  ${prefix}link ${print.slice(0, SHOWN_CHARS)} --yes lets it in if these words are the same there; --no refuses it`,
  ]);
}

async function withWords(one: LinkAsker): Promise<AskingDevice> {
  return { ...one, words: await wordsOfHash(one.print) };
}

function minutesTo(at: number, { now }: Pick<CommandContext, "now">): string {
  const minutes = Math.max(1, Math.ceil((at - now()) / MINUTE_MS));
  return `${minutes} minute${minutes === 1 ? "" : "s"}`;
}

/** Why a phone will not get there. */
function reachWords({ protocol, hostname }: URL): readonly string[] {
  if (LOCAL.test(hostname)) return [ONLY_HERE];
  return protocol === "https:" ? [] : [NO_HTTPS];
}

/** Whether the relay surely has no page there; one that can't be asked from here may have one for the phone. */
async function lacksConsole(link: string): Promise<boolean> {
  try {
    const answer = await fetch(link.slice(0, link.indexOf("#")), { signal: AbortSignal.timeout(LOOK_MS) });
    await answer.body?.cancel();
    return answer.status === 404;
  } catch {
    return false;
  }
}
