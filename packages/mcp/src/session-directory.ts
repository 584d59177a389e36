// The session's directory. Some clients start a server elsewhere (a plugin's server runs in the plugin's folder) and name
// the session's directory only in their calls.

export interface SessionDirectory {
  readonly dir: string;
  /** A call named the session's directory; a directory fixed by the person or the client's environment takes precedence. */
  told(dir: string | undefined): void;
}

/** Creates the tracker: `fixed` if given, else `cwd` until a call names a better one. */
export function createSessionDirectory(fixed: string | undefined, cwd: string): SessionDirectory {
  let dir = fixed ?? cwd;
  return {
    get dir() {
      return dir;
    },
    told(named) {
      if (fixed === undefined && named !== undefined && named !== "") dir = named;
    },
  };
}
