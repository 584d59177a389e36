// Which keys are one person's, as far as it is known. A key of which nothing was stated is a person of its own.
import type { Address } from "@agora/protocol";
import type { AllHooks } from "./hooks.ts";

export interface Persons {
  /** Whether a key is this member's own, or that of another device of its person. [DEVICE-7] */
  readonly isOurs: (key: string) => boolean;
  /** The root of this member's person; undefined where it has none. */
  readonly root: () => string | undefined;
  /** Whether two keys under one name are the same person's. */
  readonly isSame: (name: string, one: string, other: string) => boolean;
  /** Whether an address means this member's person. [PIN-2] [DEVICE-7] */
  readonly isForUs: (address: Address) => boolean;
  /** An address with the root of the person whose key it names, where that is known. [DEVICE-3] */
  readonly addressed: (address: Address) => Address;
}

/** Makes it over what the features know of keys. */
export function createPersons(options: {
  readonly me: string;
  readonly myKey: string;
  readonly hooks: Pick<AllHooks, "rootOf">;
}): Persons {
  const { me, myKey, hooks } = options;
  const isSame = (name: string, one: string, other: string): boolean => {
    if (one === other) return true;
    const root = hooks.rootOf(name, one);
    return root !== undefined && root === hooks.rootOf(name, other);
  };
  const isOurs = (key: string): boolean => isSame(me, myKey, key);
  return {
    root: () => hooks.rootOf(me, myKey),
    isSame,
    isOurs,
    isForUs({ member, key, root }) {
      if (member !== me) return false;
      if (key === undefined || isOurs(key)) return true;
      return root !== undefined && root === hooks.rootOf(me, myKey);
    },
    addressed(address) {
      const root = address.key === undefined ? undefined : hooks.rootOf(address.member, address.key);
      return root === undefined ? address : { ...address, root };
    },
  };
}
