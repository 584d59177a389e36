import { encode } from "uqr";
import { expect, test } from "vitest";
import { qrLines } from "./qr-code.ts";

const LINK = `https://relay.example.org/console/#link=${"aB3_-".repeat(54)}`;

/** The modules that lines draw, as they stand there. */
function modulesOf(lines: readonly string[]): boolean[][] {
  return lines.flatMap((line) => {
    const cells = Array.from(line);
    return [cells.map((cell) => cell === "█" || cell === "▀"), cells.map((cell) => cell === "█" || cell === "▄")];
  });
}

test("the lines are the code, in ink or the other way round, and fit a terminal of 80 columns", async () => {
  const { data, size } = encode(LINK, { ecc: "L", border: 2 });
  const inked = (await qrLines(LINK, 80, (line) => line))!;
  expect(size).toBeLessThanOrEqual(80);
  expect(inked.length).toBeLessThanOrEqual(38);
  expect(modulesOf(inked).slice(0, size)).toEqual(data);
  expect(modulesOf((await qrLines(LINK, 80, undefined))!).slice(0, size)).toEqual(
    data.map((row) => row.map((dark) => !dark)),
  );
});

test("where it does not fit there is none", async () => {
  expect(await qrLines(LINK, 40, undefined)).toBeUndefined();
});
