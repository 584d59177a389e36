// The real connection to the daemon: the ipc client, which may launch the daemon.
import type { Env, Home } from "@agora/user-config";
import { findDaemon, openDaemon } from "@agora/ipc";
import { ok } from "@agora/protocol";
import type { Membership, OpenLine } from "./daemon-line.ts";

export interface LineParts {
  readonly home: Home;
  readonly membership: Membership;
  /** What a launch runs. */
  readonly bundle: string;
  readonly version: string;
  readonly env: Env;
}

/** Creates the opener for one project. */
export function createOpenLine(parts: LineParts): OpenLine {
  return async ({ launch, renew = false, onPush }) => {
    const { home, bundle, version, env, membership } = parts;
    const { project } = membership;
    const opened = launch
      ? await openDaemon({ home, project, bundle, version, env, renew })
      : await findDaemon({ home, project, version });
    if (!opened.ok) return opened;
    opened.value.onPush(onPush);
    return ok(opened.value);
  };
}
