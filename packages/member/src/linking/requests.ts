// Requests about links for other devices: making one, who asks by it, and the person's yes or no.
import type { LinkDeviceResult, DeviceLinksResult, DeviceLinkState, LinkAsker, Results, Session } from "@agora/ipc";
import { fail, harmlessLine, MAX_DEVICE_NAME_CHARS, ok, type Result } from "@agora/protocol";
import type { Kernel } from "../kernel/kernel.ts";
import type { Asker } from "./fold.ts";
import type { LinkKeeper, OpenLink } from "./keeper.ts";

type Code = "not-allowed" | "bad-request" | "unknown-recipient" | "ambiguous" | "disk" | "timeout";

/** Makes a link; its address is for a browser, which keeps what stands behind the # to itself. */
export async function linkDevice(
  { settings, roomTime, room, me }: Kernel,
  keeper: LinkKeeper,
  called: string | undefined,
): Promise<Result<LinkDeviceResult, Code>> {
  if (called !== undefined && (called.trim() === "" || called.length > MAX_DEVICE_NAME_CHARS))
    return fail("bad-request", `A device's name has 1 to ${MAX_DEVICE_NAME_CHARS} characters.`);
  const made = await keeper.make(called?.trim());
  if (!made.ok) return made;
  const { link, word } = made.value;
  const { origin } = new URL(settings.relay.url.replace(/^ws/, "http"));
  return ok({
    id: link.id,
    link: `${origin}/console/#link=${word}`,
    expires: roomTime.toOwn(link.exp * 1_000),
    name: me,
    room,
  });
}

/** The links that were made, the newest first. */
export function deviceLinks({ roomTime }: Kernel, keeper: LinkKeeper): DeviceLinksResult {
  const all = keeper.links().map((one) => stateOf(one, roomTime.toOwn(one.link.exp * 1_000)));
  return { links: all.toReversed() };
}

/** Resolves as soon as somebody asks by a link, or it has ended; with what is, when the time is over. */
export function awaitLink(
  kernel: Kernel,
  keeper: LinkKeeper,
  { id, timeoutMs }: { readonly id: string; readonly timeoutMs: number },
  session: Session,
): Promise<Result<DeviceLinkState, Code>> {
  const now = (): DeviceLinkState | undefined => deviceLinks(kernel, keeper).links.find((one) => one.id === id);
  const first = now();
  if (first === undefined) return Promise.resolve(fail("unknown-recipient", "No such link was made here."));
  if (isNews(first)) return Promise.resolve(ok(first));
  return new Promise((resolve) => {
    const finish = (): void => {
      off();
      cancel();
      resolve(ok(now() ?? first));
    };
    const off = keeper.onChange(() => {
      const state = now();
      if (state === undefined || isNews(state)) finish();
    });
    const cancel = kernel.clock.after(timeoutMs, finish);
    session.onClose(finish);
  });
}

/** Carries out what the person decided about the device whose words were compared. */
export async function decideLink(
  keeper: LinkKeeper,
  { print, yes }: { readonly print: string; readonly yes: boolean },
): Promise<Result<Results["decideLink"], Code>> {
  const decided = await keeper.decide(print, yes);
  return decided.ok ? ok({ ...shown(decided.value), linked: yes }) : decided;
}

function isNews({ asking, ended }: DeviceLinkState): boolean {
  return asking.length > 0 || ended !== undefined;
}

function stateOf({ link, end, asking }: OpenLink, expires: number): DeviceLinkState {
  return {
    id: link.id,
    at: link.at,
    expires,
    ...(end === undefined ? {} : { ended: end }),
    ...(link.used === undefined ? {} : { by: shown(link.used) }),
    asking: asking.map(shown),
  };
}

function shown({ print, called, key, at }: Asker): LinkAsker {
  return { print, name: harmlessLine(called, MAX_DEVICE_NAME_CHARS), key, at };
}
