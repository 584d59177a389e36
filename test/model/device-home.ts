// What a device of a person keeps of keys in its user's home, in memory: the member's key and those before it, the device's, maybe the
// root, and what is stated of them. It outlives each process; a dead one changes nothing in it.
import type { PersonKeys } from "@agora/member";
import type { FormerKey } from "@agora/user-config";
import { createSigner, type KeyPair } from "@agora/ports";
import { type Certify, fail, type KeyClaims, keyProofText, ok, signStatement } from "@agora/protocol";

/** Whose device it is. */
export interface Whose {
  readonly origin: string;
  readonly room: string;
  readonly name: string;
  /** The machine's time, unix milliseconds. */
  readonly now: () => number;
  /** Makes a key pair. */
  readonly newKey: () => KeyPair;
}

export class DeviceHome {
  pair: KeyPair;
  readonly device: KeyPair;
  readonly root: KeyPair | undefined;
  readonly #whose: Whose;
  #own = "";
  #former: readonly FormerKey[] = [];
  #statements: readonly string[] = [];

  private constructor(whose: Whose, root: KeyPair | undefined) {
    this.#whose = whose;
    this.root = root;
    this.pair = whose.newKey();
    this.device = whose.newKey();
  }

  /** A person's first device, where the root lies. */
  static async first(whose: Whose): Promise<DeviceHome> {
    const home = new DeviceHome(whose, whose.newKey());
    await home.#certifyOwn();
    home.#statements = [await home.#certify(home.root!, "device", home.device, "first")];
    return home;
  }

  /** Another device: it is certified here, where the root lies, and given what the person's other devices are. */
  async link(whose: Whose, called: string): Promise<DeviceHome> {
    const other = new DeviceHome(whose, undefined);
    await other.#certifyOwn();
    const jws = await this.#certify(this.root!, "device", other.device, called);
    other.#statements = [jws, ...this.#statements];
    this.#statements = [...this.#statements, jws];
    return other;
  }

  /** All keys it ever signed with. */
  get keys(): readonly string[] {
    return [this.pair.key, ...this.#former.map(({ key }) => key)];
  }

  /** The keys as a process has them, which began with the key of now. */
  open(isAlive: () => boolean): PersonKeys {
    const { origin } = this.#whose;
    const [own, former] = [this.#own, this.#former];
    const dead = fail("disk", "this process is dead");
    return {
      origin,
      former,
      root: this.root === undefined ? undefined : createSigner(this.root),
      device: createSigner(this.device),
      statements: () => [own, ...this.#statements, ...former.flatMap(({ statements }) => statements)],
      add: (statements) => {
        if (!isAlive()) return Promise.resolve(dead);
        this.#statements = [...new Set([...this.#statements, ...statements])];
        return Promise.resolve(ok(undefined));
      },
      reload: () => Promise.resolve(ok(undefined)),
      replaceKey: async (say) => {
        const next = this.#whose.newKey();
        const gone = await say(next.key);
        const certified = await this.#certify(this.device, "member", next, this.#whose.name);
        if (!isAlive()) return dead;
        this.pair = next;
        this.#own = certified;
        this.#former = [gone, ...this.#former];
        return ok(undefined);
      },
    };
  }

  async #certifyOwn(): Promise<void> {
    this.#own = await this.#certify(this.device, "member", this.pair, this.#whose.name);
  }

  async #certify(by: KeyPair, as: Certify["as"], key: KeyPair, name: string): Promise<string> {
    const { origin, room, now } = this.#whose;
    const about = { act: "certify", origin, room, by: by.key, iat: Math.floor(now() / 1_000) } as const;
    const claims = { ...about, as, key: key.key, name };
    const proof = createSigner(key).sign(keyProofText(claims));
    return (await signStatement({ ...claims, proof } satisfies KeyClaims, createSigner(by))).jws;
  }
}
