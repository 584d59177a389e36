// The names of a relay that stands alone.
import type { Clock } from "@agora/ports";
import { ok } from "@agora/protocol";
import type { NameClaim, Names } from "../ports/names.ts";

interface Held extends NameClaim {
  /** By the steady clock. */
  readonly until: number;
  /** The holder of an older claim of this key may believe in it until then. */
  readonly olderUntil: number;
}

/** No claim has this id: the name is kept for its key alone. */
const NOBODYS = "";

/** Creates in-memory names; they answer immediately. */
export function memoryNames(clock: Clock): Names {
  const held = new Map<string, Held>();
  // Neither contains a space. [NAME-1] [NAME-4]
  const at = ({ room, name }: NameClaim): string => `${room} ${name}`;
  return {
    claim(what, ttlMs, isRenewal) {
      const known = held.get(at(what));
      const isHeld = known !== undefined && known.until > clock.steady();
      if (isHeld && (known.key !== what.key || (isRenewal && known.claim !== what.claim))) return ok(known);
      const isTakenOver = isHeld && known.claim !== what.claim;
      const olderUntil = isTakenOver ? Math.max(known.until, known.olderUntil) : isHeld ? known.olderUntil : 0;
      held.set(at(what), { ...what, until: clock.steady() + ttlMs, olderUntil });
      return ok(what);
    },
    release(what) {
      const known = held.get(at(what));
      if (known?.claim !== what.claim) return ok(undefined);
      if (known.olderUntil <= clock.steady()) held.delete(at(what));
      else held.set(at(what), { ...known, claim: NOBODYS, until: known.olderUntil });
      return ok(undefined);
    },
  };
}
