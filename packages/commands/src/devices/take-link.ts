// The link by which this device becomes one more of its person: opened before it joins, so that it joins as that person.
import { openDevice } from "@agora/user-config";
import { decodeInvite, fail, ok, parseRelayAddress, type Result } from "@agora/protocol";
import type { CommandContext } from "../answer.ts";

/**
 * The name that the link is for, once its key is kept here; undefined when the invite is no link.
 *
 * @param name the name that was chosen for this start
 */
export async function takeLink(
  word: string | undefined,
  name: string | undefined,
  { home, now }: CommandContext,
): Promise<Result<string | undefined>> {
  const invite = word === undefined ? undefined : decodeInvite(word);
  if (invite?.link === undefined) return ok(undefined);
  const { link, room, relay } = invite;
  if (name !== undefined && name !== link.name)
    return fail("invalid-name", `This link is for the name ${link.name}, not for ${name}: leave -n out.`);
  const address = parseRelayAddress(relay);
  if (!address.ok) return address;
  const opened = await openDevice(home, { origin: address.value.origin, room, name: link.name }, link, now());
  return opened.ok ? ok(link.name) : opened;
}
