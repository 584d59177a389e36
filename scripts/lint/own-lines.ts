// A rule of the linter: how long a function may be by what it says itself. A maker of an object is counted without the functions
// in it, which are counted one by one; so many small ones around common variables are no long function.

interface Node {
  readonly type: string;
  readonly parent: Node | null;
  readonly loc: { readonly start: { readonly line: number }; readonly end: { readonly line: number } };
  readonly id?: { readonly name: string } | null;
}

interface Comment {
  readonly loc: Node["loc"];
}

interface Context {
  readonly options: readonly { readonly max: number }[];
  readonly sourceCode: { readonly lines: readonly string[]; getAllComments(): readonly Comment[] };
  report(told: { readonly node: Node; readonly message: string }): void;
}

/** Lines that say nothing: blank, or of comments alone. */
function silentLines({ sourceCode }: Context): ReadonlySet<number> {
  const silent = new Set<number>();
  for (const [at, line] of sourceCode.lines.entries()) if (/^\s*(\/\/.*)?$/.test(line)) silent.add(at + 1);
  for (const { loc } of sourceCode.getAllComments())
    for (let line = loc.start.line; line <= loc.end.line; line += 1)
      if (/^\s*(\/?\*|\/\*)/.test(sourceCode.lines[line - 1] ?? "")) silent.add(line);
  return silent;
}

const ownLines = {
  meta: { schema: [{ type: "object", properties: { max: { type: "integer" } }, additionalProperties: false }] },
  create(context: Context) {
    const max = context.options[0]?.max ?? 80;
    let silent: ReadonlySet<number> | undefined;
    /** Lines of the functions within, for each function that was entered. */
    const within: Set<number>[] = [];
    const enter = (): void => void within.push(new Set());
    const leave = (node: Node): void => {
      const inner = within.pop()!;
      const { start, end } = node.loc;
      const around = within.at(-1);
      if (around !== undefined) for (let line = start.line; line <= end.line; line += 1) around.add(line);
      if (end.line - start.line < max) return;
      silent ??= silentLines(context);
      let own = 0;
      for (let line = start.line; line <= end.line; line += 1) if (!inner.has(line) && !silent.has(line)) own += 1;
      if (own > max)
        context.report({ node, message: `This function has ${own} lines of its own, ${max} are allowed.` });
    };
    return {
      FunctionDeclaration: enter,
      FunctionExpression: enter,
      ArrowFunctionExpression: enter,
      "FunctionDeclaration:exit": leave,
      "FunctionExpression:exit": leave,
      "ArrowFunctionExpression:exit": leave,
    };
  },
};

// oxlint wants one.
export default { meta: { name: "agora" }, rules: { "own-lines": ownLines } };
