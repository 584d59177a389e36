// A relay and people of both clients in one namespace.
import { type CodexPerson, type CodexPersonOptions, openCodexPerson } from "./codex-people.ts";
import { NEWEST } from "./installed.ts";
import type { Namespace } from "./namespace.ts";
import { openCrowd, type Person, type PersonOptions } from "./test-users.ts";

export interface MixedCrowd extends AsyncDisposable {
  readonly net: Namespace;
  readonly path: string;
  claude(name: string, options?: PersonOptions): Promise<Person>;
  codex(name: string, options?: CodexPersonOptions): Promise<CodexPerson>;
}

/** Opens a namespace with a relay in it; its people with Claude Code have the newest pinned version. */
export async function openMixedCrowd(): Promise<MixedCrowd> {
  await using stack = new AsyncDisposableStack();
  const crowd = stack.use(await openCrowd(NEWEST));
  const { net, path } = crowd;
  const owned = stack.move();
  return {
    net,
    path,
    claude: (name, options) => crowd.person(name, options),
    codex: (name, options) => openCodexPerson({ net, path, owned }, name, options),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
