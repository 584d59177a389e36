// The names of a relay that stands alone.
import type { Clock } from "@agora/ports";
import { ok } from "@agora/protocol";
import type { NameClaim, Names } from "../ports/names.ts";

interface Held extends NameClaim {
  /** On the steady clock. */
  readonly until: number;
}

/** Makes the names in memory; they answer at once. */
export function memoryNames(clock: Clock): Names {
  const held = new Map<string, Held>();
  // Neither has a space in it. [NAME-1] [NAME-4]
  const at = ({ room, name }: NameClaim): string => `${room} ${name}`;
  return {
    claim(what, ttlMs, isRenewal) {
      const known = held.get(at(what));
      const isHeld = known !== undefined && known.until > clock.steady();
      if (isHeld && (known.key !== what.key || (isRenewal && known.claim !== what.claim))) return ok(known);
      held.set(at(what), { ...what, until: clock.steady() + ttlMs });
      return ok(what);
    },
    release(what) {
      if (held.get(at(what))?.claim === what.claim) held.delete(at(what));
      return ok(undefined);
    },
  };
}
