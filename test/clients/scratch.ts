// A temporary folder that goes away with its owner.
// Its path is real and short: projects are known by their real path, and tmux's socket must fit into a socket address.
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Scratch extends AsyncDisposable {
  readonly path: string;
}

/** Makes an empty temporary folder; disposing removes it with everything in it. */
export async function openScratch(): Promise<Scratch> {
  const path = await realpath(await mkdtemp(join(tmpdir(), "ag-")));
  return {
    path,
    // A client that was just killed may still have a child writing its last line.
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }),
  };
}
