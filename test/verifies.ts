// Ties a test to the numbered sentences of the protocol that it shows. `coverage.test.ts` reads these calls as text, so the
// ids stand in the call itself; a test that can't use this puts them into its title: "… [HELLO-2]".
import { test } from "vitest";
import type { RequirementId } from "./requirements.ts";

/** A vitest test named `what` that shows the requirements `ids`. */
export function verifies(ids: readonly RequirementId[], what: string, body: () => unknown): void {
  test(`${what} ${ids.map((id) => `[${id}]`).join(" ")}`, async () => {
    await body();
  });
}
