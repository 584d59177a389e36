// Commands of the terminal's program that a person may type in a session as well, as far as they make sense there.
import type { CommandWords } from "./vocabulary.ts";

export const SESSION_WORDS = {
  console: { summary: "the address that opens the room in your browser", words: [], options: [] },
  invite: {
    summary: "make an invite for another person, and show what they type",
    words: ["[NAME]"],
    options: [
      {
        name: "grant",
        value: "ROLE",
        summary: "member or observer (needs the room's root key)",
      },
      { name: "expires", value: "SPAN", summary: "30m, 12h, 7d, 2w (needs the room's root key)" },
    ],
  },
  doctor: { summary: "what is not well here, and how to mend it", words: [], options: [] },
} as const satisfies Readonly<Record<string, CommandWords>>;

export type SessionWord = keyof typeof SESSION_WORDS;
