// Where the session works. Some clients start a server elsewhere (a plugin's server runs in the plugin's folder) and name
// the session's directory only in their calls.

export interface SessionDirectory {
  readonly dir: string;
  /** A call named the session's directory; what the person or the client's environment fixed stays. */
  told(dir: string | undefined): void;
}

/** Makes the place: `fixed` if there is one, else `cwd` until a call says better. */
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
