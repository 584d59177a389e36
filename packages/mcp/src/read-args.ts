// Reads a tool's arguments as models really write them: a name instead of a list, a list as JSON text, null and "" for
// omitted values, numbers as text. Whatever has only one possible meaning is accepted. An unknown argument is named, because
// a misspelt `to` would send a message for one member to the whole room.
import { fail, ok, type Result } from "@agora/protocol";
import { distance } from "fastest-levenshtein";
import type * as z from "zod/mini";
import { type ToolArgs, type ToolName, toolRow } from "./tools.ts";

/** What we need of a schema: its kind, and what it wraps. */
interface Schema {
  readonly _zod: {
    readonly def: { readonly type: string; readonly innerType?: Schema; readonly element?: Schema };
  };
}

/** In lists of names, spaces and commas separate; other lists (choices) may contain them. */
const NAME_LISTS: ReadonlySet<string> = new Set(["to"]);
const MAX_NAMED = 5;

/** The arguments of a call, or one sentence on what is wrong with them. */
export function readArgs<N extends ToolName>(name: N, args: unknown): Result<ToolArgs<N>, "bad-request"> {
  return readArgsOf(name, toolRow(name).args, args) as Result<ToolArgs<N>, "bad-request">;
}

/** The same for a tool that another server has: `schema` is what it takes. */
export function readArgsOf<Args extends z.ZodMiniObject>(
  name: string,
  schema: Args,
  args: unknown,
): Result<z.infer<Args>, "bad-request"> {
  const shape: Readonly<Record<string, Schema>> = schema.shape;
  const given = args ?? {};
  if (typeof given !== "object" || Array.isArray(given))
    return fail("bad-request", `${name} takes an object of arguments: ${known(shape)}.`);
  const strangers = Object.keys(given).filter((key) => !Object.hasOwn(shape, key));
  if (strangers.length > 0) return fail("bad-request", stranger(name, strangers, shape));
  const meant = Object.entries(given).flatMap(([key, value]) => {
    const read = meantBy(shape[key]!, value, NAME_LISTS.has(key));
    return read === undefined ? [] : [[key, read] as const];
  });
  const parsed = schema.safeParse(Object.fromEntries(meant));
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  return fail("bad-request", `${issue?.path.join(".") || "The arguments"}: ${issue?.message ?? "not understood"}.`);
}

/** The intended value; undefined if nothing was given. */
function meantBy(schema: Schema, value: unknown, isNames: boolean): unknown {
  const { type, innerType, element } = schema._zod.def;
  if (type === "optional" && innerType !== undefined) {
    const isNothing = value === null || (typeof value === "string" && value.trim() === "");
    return isNothing ? undefined : meantBy(innerType, value, isNames);
  }
  switch (type) {
    case "array":
      return listOf(value, isNames).map((one) => (element === undefined ? one : meantBy(element, one, isNames)));
    case "number":
      return typeof value === "string" && /^\s*-?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : value;
    case "boolean":
      return value === "true" ? true : value === "false" ? false : value;
    case "string":
      return isNames && typeof value === "string" ? value.trim().replace(/^@/, "").toLowerCase() : value;
    default:
      return value;
  }
}

function listOf(value: unknown, isNames: boolean): readonly unknown[] {
  if (Array.isArray(value)) return value.filter((one) => one !== null && one !== "");
  if (typeof value !== "string") return [value];
  if (value.trim().startsWith("[")) {
    try {
      const read: unknown = JSON.parse(value);
      if (Array.isArray(read)) return listOf(read, isNames);
    } catch {
      // Then it is text that begins with a bracket.
    }
  }
  return isNames ? value.split(/[\s,]+/).filter((one) => one !== "") : [value];
}

function stranger(name: string, strangers: readonly string[], shape: object): string {
  const named = strangers.slice(0, MAX_NAMED).map((key) => {
    const near = Object.keys(shape).find((one) => distance(one, key.toLowerCase()) <= 2);
    return `"${key.slice(0, 40)}"${near === undefined ? "" : ` (is ${near} meant?)`}`;
  });
  return `${name} takes no argument ${named.join(", ")}; nothing was done. It takes ${known(shape)}.`;
}

function known(shape: object): string {
  return Object.keys(shape).join(", ") || "none";
}
