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

/** No claim has this id: the name is kept for its owner alone. */
const NOBODYS = "";

/** Creates in-memory names; they answer immediately. */
export function memoryNames(clock: Clock): Names {
  const names = new Map<string, Map<string, Held>>();
  // Neither contains a space. [NAME-1] [NAME-4]
  const at = ({ room, name }: NameClaim): string => `${room} ${name}`;
  /** Who holds a name now, by key. */
  const holders = (what: NameClaim): Map<string, Held> => {
    const held = names.get(at(what)) ?? new Map<string, Held>();
    for (const [key, { until }] of held) if (until <= clock.steady()) held.delete(key);
    return held;
  };
  const keep = (what: NameClaim, held: Map<string, Held>): void => {
    if (held.size > 0) names.set(at(what), held);
    else names.delete(at(what));
  };
  return {
    claim(what, ttlMs, isRenewal) {
      const held = holders(what);
      for (const other of held.values()) if (other.key !== what.key && other.owner !== what.owner) return ok(other);
      const known = held.get(what.key);
      if (known !== undefined && isRenewal && known.claim !== what.claim) return ok(known);
      const isTakenOver = known !== undefined && known.claim !== what.claim;
      const olderUntil = isTakenOver ? Math.max(known.until, known.olderUntil) : (known?.olderUntil ?? 0);
      held.set(what.key, { ...what, until: clock.steady() + ttlMs, olderUntil });
      keep(what, held);
      return ok(what);
    },
    release(what) {
      const held = holders(what);
      const known = held.get(what.key);
      if (known?.claim !== what.claim) return ok(undefined);
      if (known.olderUntil <= clock.steady()) held.delete(what.key);
      else held.set(what.key, { ...known, claim: NOBODYS, until: known.olderUntil });
      keep(what, held);
      return ok(undefined);
    },
  };
}
