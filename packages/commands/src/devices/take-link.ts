// The link by which this device becomes one more of its person: opened before it joins, so that it joins as that person.
import { openDevice } from "@agora/user-config";
import { decodeInvite, fail, ok, parseRelayAddress, type Result } from "@agora/protocol";
import type { CommandContext } from "../answer.ts";

/** What a link made of this device. */
interface Taken {
  /** The name that the link is for; undefined when the invite is none. */
  readonly name?: string;
  readonly notes: readonly string[];
}

/** Of what is no link. */
export const NO_LINK: Taken = { notes: [] };

/**
 * Keeps the key in a link; an invite that is none changes nothing.
 *
 * @param name the name that was chosen for this start
 */
export async function takeLink(
  word: string | undefined,
  name: string | undefined,
  { home, now }: CommandContext,
): Promise<Result<Taken>> {
  const invite = word === undefined ? undefined : decodeInvite(word);
  if (invite?.link === undefined) return ok(NO_LINK);
  const { link, room, relay } = invite;
  if (name !== undefined && name !== link.name)
    return fail("invalid-name", `This link is for the name ${link.name}, not for ${name}: leave -n out.`);
  const address = parseRelayAddress(relay);
  if (!address.ok) return address;
  const opened = await openDevice(home, { origin: address.value.origin, room, name: link.name }, link, now());
  if (!opened.ok) return opened;
  const { aside } = opened.value;
  const notes =
    aside.length === 0
      ? []
      : [
          `This device was linked before, and that had ended: it has new keys. The old ones are set aside (${aside.join(", ")}).`,
        ];
  return ok({ name: link.name, notes });
}
