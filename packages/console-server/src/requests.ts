// What a page may ask of the daemon, and as whom: as the person, who clicks and types there. A path on this machine is never
// taken from a page: a file to send is one that it uploaded.
import type { RequestName } from "@agora/ipc";

/** How each request that is allowed begins to be made; `via`: its arguments say which way it came. */
const ALLOWED: Readonly<Partial<Record<RequestName, { readonly via: boolean }>>> = {
  say: { via: true },
  who: { via: false },
  whoami: { via: false },
  inbox: { via: true },
  accept: { via: true },
  reject: { via: true },
  append: { via: true },
  mode: { via: true },
  history: { via: true },
  status: { via: false },
  trust: { via: true },
  control: { via: true },
  controls: { via: false },
  channels: { via: false },
  channel: { via: true },
  grant: { via: true },
  more: { via: true },
  chains: { via: false },
  ask: { via: true },
  answer: { via: true },
  questions: { via: true },
  withdraw: { via: true },
  decide: { via: true },
  decisions: { via: true },
  busy: { via: true },
  ping: { via: true },
};

/** The arguments as the daemon is given them; undefined when a page may not ask for that. */
export function argumentsOf(
  name: unknown,
  args: unknown,
  pathOf: (upload: string) => string | undefined,
): Readonly<Record<string, unknown>> | undefined {
  if (typeof name !== "string" || !Object.hasOwn(ALLOWED, name)) return undefined;
  const { upload, file: _, ...rest } = isRecord(args) ? args : {};
  const file = typeof upload === "string" ? { file: pathOf(upload) ?? "" } : {};
  return { ...rest, ...file, ...(ALLOWED[name as RequestName]?.via === true ? { via: "console" } : {}) };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
