// Which time a view counts: the daemon counts in these spans.
import type { Span } from "@agora/ipc/messages";
import { signal } from "@preact/signals";
import type { VNode } from "preact";

/** The span that Flow and Health show. */
export const span = signal<Span>("h1");

const SPANS: readonly (readonly [Span, string])[] = [
  ["m15", "15 min"],
  ["h1", "1 hour"],
  ["d1", "1 day"],
];

/** The span in words. */
export function spanWords(): string {
  return SPANS.find(([name]) => name === span.value)?.[1] ?? "5 min";
}

/** Chooses the span; `name` tells several of these apart. */
export function SpanSwitch({ name }: { readonly name: string }): VNode {
  return (
    <fieldset class="choice-row">
      <legend>In the last</legend>
      {SPANS.map(([one, words]) => (
        <label key={one}>
          <input
            type="radio"
            name={`span-${name}`}
            checked={span.value === one}
            onChange={() => {
              span.value = one;
            }}
          />
          {words}
        </label>
      ))}
    </fieldset>
  );
}
