// How this member shows that it is an operator: with the owner's own grant, signed by the room's root key in this user's
// home; or one that the owner gave it; or the token it joined with. Also signs grants for others, where the root key is.
import { type Home, roomRoot, signGrant } from "@agora/user-config";
import type { Owner } from "@agora/member";
import { createSigner } from "@agora/ports";
import { MAY } from "@agora/protocol";

/** The owner's part, if this home has the room's root key; undefined elsewhere, and for another room of the same name. */
export async function findOwner(
  home: Home,
  who: { readonly room: string; readonly name: string; readonly key: string; readonly root: string | undefined },
): Promise<Owner | undefined> {
  const { room, name, key } = who;
  const root = roomRoot(home, room);
  if (!root.ok || (who.root !== undefined && who.root !== root.value.key)) return undefined;
  const sign: Owner["sign"] = (member, memberKey, exp, iat) => {
    const times = { ...(exp === undefined ? {} : { exp }), ...(iat === undefined ? {} : { iat }) };
    // An operator invites and admits, too. [GRANT-9]
    return signGrant(home, { room, grant: "operator", sub: member, key: memberKey, may: [...MAY], ...times });
  };
  const own = await sign(name, key);
  const signer = createSigner(root.value);
  return own.ok ? { root: root.value.key, signer, grant: own.value.jwt, sign } : undefined;
}
