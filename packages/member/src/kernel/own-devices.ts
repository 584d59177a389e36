// The other devices of this member's person that are here, and which of them came since one looked last.
import type { PresentDevice } from "@agora/protocol";
import { devicesIn, type Members } from "./members.ts";
import type { Persons } from "./persons.ts";

export interface OwnDevices {
  /** Those that are here now. [DEVICE-9] */
  here(): readonly PresentDevice[];
  /** Those that came since the last call. One that left and is back may be one line of presence: it came, too. */
  came(): readonly PresentDevice[];
  /** Whoever is here next time came. */
  forget(): void;
}

/** Looks at what the relay tells of presence. */
export function createOwnDevices(options: {
  readonly members: Pick<Members, "get">;
  readonly persons: Pick<Persons, "isOurs">;
  readonly me: string;
  readonly myKey: string;
}): OwnDevices {
  const { members, persons, me, myKey } = options;
  let known: ReadonlyMap<string, number> = new Map();
  const here = (): readonly PresentDevice[] => {
    const line = members.get(me);
    return line === undefined ? [] : devicesIn(line).filter(({ key }) => key !== myKey && persons.isOurs(key));
  };
  return {
    here,
    came() {
      const now = here();
      const came = now.filter(({ key, since }) => known.get(key) !== since);
      known = new Map(now.map(({ key, since }) => [key, since]));
      return came;
    },
    forget: () => void (known = new Map()),
  };
}
