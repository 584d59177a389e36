// A member's mark: its letter on a colour of its own, square for an agent and round for a person.
import type { VNode } from "preact";

/** One of so many colours of the stylesheet. */
const HUES = 8;

export function hueOf(name: string): number {
  let sum = 0;
  for (const character of name) sum = (sum * 31 + character.codePointAt(0)!) % 9_973;
  return sum % HUES;
}

export function Avatar({ name, agent = false }: { readonly name: string; readonly agent?: boolean }): VNode {
  return (
    <span class={`avatar hue-${hueOf(name)}${agent ? " agent" : ""}`} aria-hidden="true">
      {name.slice(0, 2)}
    </span>
  );
}
