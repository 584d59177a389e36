// The protocol's pages against the program: every frame, code, limit and kind they name is there, and none is left out.
import {
  CHUNK_WINDOW,
  CLOSE_CODES,
  decodeFromClient,
  decodeFromRelay,
  DEFAULT_LIMITS,
  ERROR_CODES,
  type FromClient,
  type FromRelay,
  HEARTBEAT_MS,
  HELLO_TIMEOUT_MS,
  isUnderstood,
  KINDS,
  MAX_ADDRESSES,
  MAX_EXT_DEPTH,
  MAX_HEAD_BYTES,
  MAX_HEAL_MARKS,
  MAX_CONTROL_LEAD_MS,
  MAX_INVITE_CHARS,
  MAX_MARK_RANGES,
  MAX_CHANNELS,
  MAX_RECEIPTS,
  MAX_TOPIC_CHARS,
  MAX_STAMP_LEAD_MS,
  REPLACE_PING_MS,
  RESERVED_NAMES,
} from "@agora/protocol";
import { describe, expect, test } from "vitest";
import { protocolPages } from "./requirement-text.ts";
import { textOf } from "./workspace-files.ts";

const MAX_FRAME = DEFAULT_LIMITS.frameBytes;

describe("the protocol's pages", () => {
  const document = protocolPages().map(textOf).join("\n");
  const rowsAfter = (comment: string): string[][] => {
    const table = document.slice(document.indexOf(comment)).split("\n\n")[0]!;
    return table
      .split("\n")
      .slice(3)
      .map((line) =>
        line
          .split("|")
          .slice(1, -1)
          .map((cell) => cell.trim().replaceAll("`", "")),
      );
  };

  test("prints the table of close codes [CLOSE-1]", () => {
    const rows = Object.values(CLOSE_CODES).map((row) => [String(row.code), row.name, row.retry, row.sentence]);
    expect(rowsAfter("<!-- close codes")).toEqual(rows);
  });

  test("prints the table of error words [REFUSE-1]", () => {
    expect(rowsAfter("<!-- error words").map((row) => row.slice(0, 2))).toEqual(Object.entries(ERROR_CODES));
  });

  test("prints the names that nobody may have, and the defaults of the limits [NAME-2] [LIMIT-1]", () => {
    expect(document).toContain(`These can't be names: \`${[...RESERVED_NAMES].sort().join(" ")}\`.`);
    const { rate, ...numbers } = DEFAULT_LIMITS;
    for (const [name, value] of Object.entries(numbers)) {
      expect(document).toMatch(new RegExp(`\\| \`${name}\`[^|]*\\| ${value} \\|`));
    }
    for (const [role, { burst, perSecond }] of Object.entries(rate)) {
      expect(document).toMatch(new RegExp(`\\| \`rate.${role}\`[^|]*\\| ${burst}, then ${perSecond}/s \\|`));
    }
  });

  test("prints the limits that are fixed [LIMIT-1]", () => {
    const values = rowsAfter("<!-- fixed limits").map(([, value]) => value);
    expect(values).toEqual([
      `${MAX_HEAD_BYTES} bytes`,
      `${MAX_EXT_DEPTH} levels`,
      `${MAX_ADDRESSES} addresses`,
      `${MAX_RECEIPTS} receipts`,
      `${MAX_CHANNELS} channels`,
      `${MAX_TOPIC_CHARS} characters`,
      `${CHUNK_WINDOW} chunks`,
      `${MAX_HEAL_MARKS} marks`,
      `${MAX_MARK_RANGES} ranges`,
      `${HELLO_TIMEOUT_MS / 1000} s`,
      `${HEARTBEAT_MS / 1000} s`,
      `${REPLACE_PING_MS / 1000} s`,
      `${MAX_STAMP_LEAD_MS / 1000} s`,
      `${MAX_INVITE_CHARS} characters`,
      `${MAX_CONTROL_LEAD_MS / 86_400_000} days`,
    ]);
  });

  test("prints a row for every kind of event, with a body that is understood [EVENT-11]", () => {
    const rows = [...textOf("protocol/kinds.md").matchAll(/^\| `([\w-]+)` \| (?:`(\S+)`|empty) \|/gm)];
    expect(rows.map((row) => row[1]!).sort()).toEqual([...KINDS].sort());
    for (const [, kind, media = ""] of rows) {
      expect({ kind, known: isUnderstood({ kind: kind!, body: { hash: "", length: 0, media } }) }).toEqual({
        kind,
        known: true,
      });
    }
  });

  test("has an example of every frame that can be read when what was cut is put back", () => {
    const [client, relay] = [...document.matchAll(/^```jsonc\n(.*?)^```/gms)].map((block) =>
      block[1]!.trim().split("\n"),
    );
    expect(exampleTypes(client!, decodeFromClient)).toEqual([
      "hello",
      "join",
      "leave",
      "post",
      "deliver",
      "receipts",
      "presence",
      "channels",
      "file",
      "heal",
      "knock",
    ]);
    expect(exampleTypes(relay!, decodeFromRelay)).toEqual([
      "challenge",
      "welcome",
      "joined",
      "refused",
      "stamped",
      "event",
      "event",
      "receipts",
      "presence",
      "file",
      "heal",
      "knock",
    ]);
  });
});

function exampleTypes(lines: readonly string[], read: typeof decodeFromClient | typeof decodeFromRelay): string[] {
  const whole: Record<string, string> = {
    key: "A".repeat(43),
    sig: "A".repeat(86),
    nonce: "A".repeat(24),
    proof: "A".repeat(43),
    id: "7k2m9q4xw0",
  };
  return lines.map((line) => {
    const restored = line.replaceAll(
      /"(\w+)":"((?:[^"\\]|\\.)*…(?:[^"\\]|\\.)*)"/g,
      (_match, name: string, cut: string) => `"${name}":"${whole[name] ?? cut}"`,
    );
    const frame: { readonly ok: boolean; readonly value?: FromClient | FromRelay } = read(restored, MAX_FRAME);
    expect(frame).toMatchObject({ ok: true, value: JSON.parse(restored) });
    return frame.value!.type;
  });
}
