import { expect, test } from "vitest";
import { createNotices } from "./notices.ts";

test("what others cause is bounded, and hides nothing else", () => {
  const notices = createNotices();
  for (let n = 0; n < 50; n += 1) notices.setCaused(`key:${n}`, `@${n} speaks with another key`);
  expect(notices.list()).toHaveLength(20);
  notices.set("disk", "The disk is full.");
  expect(notices.list()).toContain("The disk is full.");
  notices.forget("disk");
  expect(notices.list()).toHaveLength(20);
});
