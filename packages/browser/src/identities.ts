// Who this browser is, in which rooms. A room's token is stored only if the person wants that, sealed with a key that can't
// be exported from this browser; otherwise it lives as long as the page.
import type { PersonKeys } from "@agora/member";
import { fail, ok, type Result } from "@agora/protocol";
import { type IdentityDatabase, type KeptIdentity, openIdentityDatabase } from "./database.ts";
import { createMemberKey, type MemberKey } from "./member-key.ts";
import { findPerson, openPerson } from "./person.ts";
import { seal, unseal } from "./sealing.ts";

/** A member this browser was or is. */
export interface BrowserIdentity extends MemberKey {
  readonly room: string;
  readonly name: string;
  readonly root?: string;
  /** It has been used here before. */
  readonly isOld: boolean;
  readonly person?: PersonKeys;
}

/** Who was here last. */
export interface LastIdentity {
  readonly room: string;
  readonly name: string;
  readonly root?: string;
  /** Present if the person stays signed in, and this browser could open it. */
  readonly token?: string;
}

export interface Identities {
  /** Whoever was here last. */
  last(): Promise<LastIdentity | undefined>;
  /** The identity of a name in a room; creates its key the first time. */
  use(
    room: string,
    name: string,
    root: string | undefined,
    origin: string,
  ): Promise<Result<BrowserIdentity, "no-ed25519">>;
  /** Whether this browser waits by a link to become a device of somebody. */
  isLinking(): Promise<boolean>;
  /** Stores the token for next time, or forgets it. */
  keepToken(room: string, name: string, token: string | undefined): Promise<void>;
}

/** Where the link that is waited by is kept. */
export const WAITING_LINK = "link";

/** Opens the identities; if the browser lacks something they need, the failure says so in one sentence. */
export async function openIdentities(): Promise<Result<Identities, "no-browser">> {
  if (!isSecureContext || !("locks" in navigator) || typeof indexedDB === "undefined")
    return fail("no-browser", "A member's console needs a safe address (https, or this machine) and a newer browser.");
  let db: IdentityDatabase;
  try {
    db = await openIdentityDatabase();
  } catch {
    return fail(
      "no-browser",
      "This browser keeps nothing for this page (a private window?): here nobody can be a member.",
    );
  }
  return ok({
    async last() {
      const all = await db.getAll("identities");
      const last = all.toSorted((a, b) => b.usedAt - a.usedAt)[0];
      if (last === undefined) return undefined;
      const { room, name, root } = last;
      const token = last.token === undefined ? undefined : await unseal(db, last.token);
      return { room, name, ...(root === undefined ? {} : { root }), ...(token === undefined ? {} : { token }) };
    },
    isLinking: async () => (await db.get("secrets", WAITING_LINK)) !== undefined,
    async use(room, name, root, origin) {
      const known = await db.get("identities", [room, name]);
      const made = known === undefined ? await createMemberKey() : ok(known);
      if (!made.ok) return made;
      const { key, pair } = made.value;
      const itsRoot = root ?? known?.root;
      const more = itsRoot === undefined ? {} : { root: itsRoot };
      const kept = known?.person ?? (await findPerson(await db.getAll("identities"), origin, room, Date.now()));
      const whose = kept === undefined ? {} : { person: kept };
      const next: KeptIdentity = { ...known, room, name, key, pair, ...more, ...whose, usedAt: Date.now() };
      await db.put("identities", next);
      const person =
        kept === undefined
          ? undefined
          : await openPerson(kept, { room, name, key, pair }, async (changed) => {
              const now = await db.get("identities", [room, name]);
              if (now !== undefined) await db.put("identities", { ...now, person: changed });
            });
      return ok({
        ...{ room, name, key, pair, ...more, isOld: known !== undefined },
        ...(person === undefined ? {} : { person }),
      });
    },
    async keepToken(room, name, token) {
      const known = await db.get("identities", [room, name]);
      if (known === undefined) return;
      const { token: _, ...rest } = known;
      await db.put("identities", token === undefined ? rest : { ...rest, token: await seal(db, token) });
    },
  });
}
