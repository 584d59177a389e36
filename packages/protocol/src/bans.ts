// Who is kept out by an operator's bans: the banned key, the name it used, and the grant it came in with. Banning a key
// alone wouldn't help: a new one is made in a moment, and the same invite would let it in.
import type { Control } from "./bodies.ts";

/** One ban in force: the key or name it targets, and what else its control says. */
export interface Ban {
  readonly whom: string;
  readonly control: Pick<Control, "member" | "grantId" | "spare"> | undefined;
}

/** The bans of a room. */
export interface Bans {
  /** Whether this member is kept out; `grantId` is the id of the grant it shows, if any. [CONTROL-6] [CONTROL-7] */
  bar(name: string, key: string, grantId?: string): boolean;
}

/** Builds the lookup from the bans in force. */
export function bansOf(inForce: Iterable<Ban>): Bans {
  const keysAndNames = new Set<string>();
  const grants = new Map<string, ReadonlySet<string>[]>();
  for (const { whom, control } of inForce) {
    keysAndNames.add(whom);
    if (control?.member !== undefined) keysAndNames.add(control.member);
    if (control?.grantId !== undefined)
      grants.set(control.grantId, [...(grants.get(control.grantId) ?? []), new Set(control.spare)]);
  }
  return {
    bar: (name, key, grantId) =>
      keysAndNames.has(key) ||
      keysAndNames.has(name) ||
      (grantId !== undefined && (grants.get(grantId) ?? []).some((spared) => !spared.has(key))),
  };
}
