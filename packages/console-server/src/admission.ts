// Who may use the console: a code, valid once and briefly, is exchanged for a cookie. What is stored contains no secret,
// only hashes of cookies, so that a page keeps working when a newer daemon takes over.
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Clock } from "@agora/ports";
import { ADMITTED_MS, CODE_MS, MAX_ADMITTED, MAX_CODES } from "./limits.ts";

/** What outlives a daemon: where the console is, and the hashes of its cookies with the time each was last seen. */
export interface Kept {
  readonly port: number;
  readonly place: string;
  readonly admitted: Readonly<Record<string, number>>;
}

export interface Admission {
  /** A new code. */
  issue(): string;
  /** Exchanges a code for the value of a `set-cookie` header; undefined when it is wrong, expired or used. */
  redeem(code: string): string | undefined;
  /** The id of the admitted browser that makes the request; undefined if it wasn't admitted. */
  holder(request: IncomingMessage): string | undefined;
  /** Revokes one browser's cookie. */
  dismiss(holder: string): void;
  /** Somebody may come: a browser is admitted, or a code is out. */
  readonly isExpected: boolean;
}

const COOKIE = "agora-console";

/**
 * Creates the admission of a console at `place`, a random path. Cookies ignore the port, so a browser would send one for `/`
 * to everything on this machine that serves HTTP; nobody else serves this path.
 */
export function createAdmission(options: {
  readonly place: string;
  readonly admitted: Readonly<Record<string, number>>;
  readonly clock: Clock;
  readonly keep: (admitted: Readonly<Record<string, number>>) => void;
}): Admission {
  const { place, clock, keep } = options;
  const codes = new Map<string, number>();
  const admitted = new Map(Object.entries(options.admitted).filter(([, seen]) => clock.now() - seen < ADMITTED_MS));
  const save = (): void => keep(Object.fromEntries(admitted));
  return {
    issue() {
      const code = randomBytes(24).toString("base64url");
      codes.set(hash(code), clock.now() + CODE_MS);
      if (codes.size > MAX_CODES) codes.delete(codes.keys().next().value!);
      return code;
    },
    redeem(code) {
      const key = find(codes, hash(code));
      if (key === undefined) return undefined;
      const until = codes.get(key)!;
      codes.delete(key);
      if (clock.now() > until) return undefined;
      const cookie = randomBytes(32).toString("base64url");
      admitted.set(hash(cookie), clock.now());
      if (admitted.size > MAX_ADMITTED) admitted.delete(admitted.keys().next().value!);
      save();
      return `${COOKIE}=${cookie}; Path=${place}; Max-Age=${ADMITTED_MS / 1_000}; HttpOnly; SameSite=Strict`;
    },
    holder(request) {
      for (const cookie of cookiesOf(request)) {
        const key = find(admitted, hash(cookie));
        if (key === undefined) continue;
        const seen = admitted.get(key)!;
        if (clock.now() - seen > ADMITTED_MS) return undefined;
        if (clock.now() - seen > ADMITTED_MS / 30) {
          admitted.set(key, clock.now());
          save();
        }
        return key;
      }
      return undefined;
    },
    dismiss(holder) {
      if (admitted.delete(holder)) save();
    },
    get isExpected() {
      return admitted.size > 0 || [...codes.values()].some((until) => until > clock.now());
    },
  };
}

function hash(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}

/** The key equal to `wanted`, compared in constant time. */
function find(keys: ReadonlyMap<string, number>, wanted: string): string | undefined {
  const bytes = Buffer.from(wanted);
  return [...keys.keys()].find((key) => {
    const own = Buffer.from(key);
    return own.length === bytes.length && timingSafeEqual(own, bytes);
  });
}

function cookiesOf(request: IncomingMessage): string[] {
  const pairs = (request.headers.cookie ?? "").split(";").map((pair) => pair.trim());
  return pairs.filter((pair) => pair.startsWith(`${COOKIE}=`)).map((pair) => pair.slice(COOKIE.length + 1));
}
