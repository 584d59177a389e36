// Defines one tool, for any server that offers it: its words, its traits and its arguments as a schema, which is written
// once.
import type { Tool } from "@modelcontextprotocol/sdk/types.js";
import * as z from "zod/mini";

// The room is a closed set of members, so no tool is open-world, and none can destroy anything.
export const READS = { readOnlyHint: true, openWorldHint: false } as const;
export const SPEAKS = {
  readOnlyHint: false,
  destructiveHint: false,
  idempotentHint: false,
  openWorldHint: false,
} as const;

/** One tool: what a model is told about it, and its arguments. */
export interface ToolRow {
  readonly about: string;
  readonly annotations: NonNullable<Tool["annotations"]>;
  readonly args: z.ZodMiniObject;
}

/** An optional argument, with its description for the model. */
export function may<Schema extends z.ZodMiniType>(schema: Schema, about?: string): z.ZodMiniOptional<Schema> {
  const optional = z.optional(schema);
  return about === undefined ? optional : optional.check(z.describe(about));
}

/** What a model needs of a schema; lengths and the like are explained by the error message. */
const TOLD = ["type", "description", "enum", "minimum", "maximum", "items"] as const;

function propertyOf(schema: z.core.JSONSchema.BaseSchema): object {
  const told = TOLD.flatMap((key) => {
    const value = schema[key];
    if (value === undefined || (key === "maximum" && value === Number.MAX_SAFE_INTEGER)) return [];
    return [[key, key === "items" ? propertyOf(value as z.core.JSONSchema.BaseSchema) : value] as const];
  });
  return Object.fromEntries(told);
}

/** The tool as listed by `tools/list`; its input schema is made from the arguments. */
export function toTool(name: string, { about, annotations, args }: ToolRow): Tool {
  const { properties = {}, required = [] } = z.toJSONSchema(args, { io: "input" });
  const told = Object.entries(properties).map(([key, schema]) => [
    key,
    propertyOf(schema as z.core.JSONSchema.BaseSchema),
  ]);
  const inputSchema = {
    type: "object" as const,
    properties: Object.fromEntries(told) as Record<string, object>,
    ...(required.length === 0 ? {} : { required }),
  };
  return { name, description: about, inputSchema, annotations };
}
