import { expect, test } from "vitest";
import { otherSystemsNote } from "./other-systems.ts";

test("each variable that is set is named with ours, and no value is", () => {
  const note = otherSystemsNote({
    NEXSCOPE_TOKEN: "secret",
    CAUCUS_MISSION: "m",
    NEXOR_AGORA_HUB_URL: "http://x",
    HOME: "/h",
  });
  expect(note).toBe(
    "Agora doesn't read the variables of other systems: CAUCUS_MISSION (nothing like it here), " +
      "NEXOR_AGORA_HUB_URL (here AGORA_RELAY_URL), NEXSCOPE_TOKEN (here AGORA_TOKEN).",
  );
});

test("without any there is nothing to say; an empty one, and one of another product, is none", () => {
  expect(
    otherSystemsNote({ NEXSCOPE_TOKEN: " ", NEXSCOPE_API_KEY: "k", CAUCUS_DB: "d", AGORA_TOKEN: "t" }),
  ).toBeUndefined();
});

test("a name that an environment makes up is bounded, and very many are counted", () => {
  expect(otherSystemsNote({ [`NEXOR_AGORA_${"X".repeat(60)}`]: "1", "NEXOR_AGORA_\u001b[2J": "1" })).toBeUndefined();
  const many = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`NEXOR_AGORA_A${i}`, "1"]));
  expect(otherSystemsNote(many)).toMatch(/, and 12 more\.$/);
});
