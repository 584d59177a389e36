// The frame of a view that scrolls as a whole, by keyboard too.
import type { ComponentChildren, VNode } from "preact";

export function Page({ label, children }: { readonly label: string; readonly children: ComponentChildren }): VNode {
  return (
    <div class="page" role="region" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
