// A QR code as lines of text, two rows of modules in a line.

/** Modules around the code without which readers don't find it; the standard wants four, terminals add their own. */
const BORDER = 2;

/**
 * The lines of a code for this text, dark modules drawn in ink on paper; undefined when they don't fit.
 *
 * @param ink draws black on white; without it, the light modules are drawn, for a dark terminal
 */
export async function qrLines(
  text: string,
  columns: number,
  ink: ((line: string) => string) | undefined,
): Promise<readonly string[] | undefined> {
  const { encode } = await import("uqr");
  const { size, data } = encode(text, { ecc: "L", border: BORDER });
  if (size > columns) return undefined;
  const isDrawn = (row: number, column: number): boolean => (data[row]?.[column] === true) === (ink !== undefined);
  const lines = Array.from({ length: Math.ceil(size / 2) }, (_, line) =>
    Array.from({ length: size }, (_unused, column) => {
      const [upper, lower] = [isDrawn(2 * line, column), 2 * line + 1 < size && isDrawn(2 * line + 1, column)];
      return upper ? (lower ? "█" : "▀") : lower ? "▄" : " ";
    }).join(""),
  );
  return ink === undefined ? lines : lines.map(ink);
}
