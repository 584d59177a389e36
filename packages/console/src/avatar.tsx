// A member's avatar: its initial on a colour of its own, square for an agent and round for a person.
import type { VNode } from "preact";

/** The number of colours in the stylesheet. */
const HUES = 12;

export function hueOf(name: string): number {
  // FNV-1a, because similar names should not get similar numbers.
  let sum = 2_166_136_261;
  for (const character of name) sum = Math.imul(sum ^ character.codePointAt(0)!, 16_777_619);
  return (sum >>> 0) % HUES;
}

export function Avatar({ name, agent = false }: { readonly name: string; readonly agent?: boolean }): VNode {
  return (
    <span class={`avatar hue-${hueOf(name)}${agent ? " agent" : ""}`} aria-hidden="true">
      {name.slice(0, 2)}
    </span>
  );
}
