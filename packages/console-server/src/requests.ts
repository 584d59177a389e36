// What a page may ask of the daemon, and as whom: as the person, who clicks and types there. A page can't name a path on
// this machine: a file to send is one that it uploaded.
import { rowOf, takes } from "@agora/ipc/requests";

/** The arguments to pass to the daemon; undefined when a page may not ask for that. */
export function argumentsOf(
  name: unknown,
  args: unknown,
  pathOf: (upload: string) => string | undefined,
): Readonly<Record<string, unknown>> | undefined {
  const row = typeof name === "string" ? rowOf(name) : undefined;
  if (row?.console !== true) return undefined;
  const { upload, file: _, ...rest } = isRecord(args) ? args : {};
  const file = typeof upload === "string" ? { file: pathOf(upload) ?? "" } : {};
  return { ...rest, ...file, ...(takes(row, "via") ? { via: "console" } : {}) };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
