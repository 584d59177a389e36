import { describe, expect, test } from "vitest";
import { INSTRUCTIONS, isToolName, TOOLS, toolRow } from "./tools.ts";

describe("the tools", () => {
  test("the whole list costs at most 6,000 bytes", () => {
    expect(Buffer.byteLength(JSON.stringify({ tools: TOOLS }))).toBeLessThanOrEqual(6_000);
  });

  test("the first 250 characters of the instructions say what it is for and name every tool", () => {
    const seen = INSTRUCTIONS.slice(0, 250);
    expect(seen).toMatch(/room/);
    for (const { name } of TOOLS) expect(seen).toMatch(new RegExp(`\\b${name}\\b`));
  });

  test("list and schemas agree, and the hook entry is not among them", () => {
    expect(TOOLS.map(({ name }) => name)).not.toContain("hook");
    for (const { name, inputSchema } of TOOLS) {
      if (!isToolName(name)) throw new Error(name);
      expect(Object.keys(inputSchema.properties ?? {})).toEqual(Object.keys(toolRow(name).args.shape));
    }
  });

  test("only say, ask, poll and room change anything, and they destroy nothing", () => {
    const changing = ["say", "ask", "poll", "room"];
    for (const { name, annotations } of TOOLS) {
      expect(annotations?.readOnlyHint).toBe(!changing.includes(name));
      expect(annotations?.destructiveHint ?? false).toBe(false);
      expect(annotations?.openWorldHint).toBe(false);
    }
  });
});
