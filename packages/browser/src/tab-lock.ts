// One tab of a browser is the member; another one can take over when the person says so there.

export interface TabLock {
  /** Settles when another tab takes over: this one must stop. */
  readonly taken: Promise<void>;
  /** Releases the lock. */
  release(): void;
}

/** How long the other tab may take to finish writing. */
const HAND_OVER_MS = 5_000;

/** Makes this tab the member; undefined when another tab is and `insist` is not set. */
export async function lockTab(room: string, name: string, insist: boolean): Promise<TabLock | undefined> {
  const place = `agora ${room} ${name}`;
  const channel = new BroadcastChannel(place);
  let giveWay: () => void = () => undefined;
  const taken = new Promise<void>((resolve) => {
    giveWay = resolve;
  });
  if (insist) channel.postMessage("leave");
  const lock = await request(place, insist);
  if (lock === undefined) {
    channel.close();
    return undefined;
  }
  channel.addEventListener("message", () => giveWay());
  return {
    taken,
    release() {
      channel.close();
      lock();
    },
  };
}

/** Resolves with a function that releases the lock, once it is held. */
function request(place: string, waits: boolean): Promise<(() => void) | undefined> {
  return new Promise((resolve) => {
    const hold = async (lock: Lock | null): Promise<void> => {
      if (lock === null) resolve(undefined);
      else await new Promise<void>((release) => resolve(release));
    };
    const asked = waits
      ? navigator.locks.request(place, { signal: AbortSignal.timeout(HAND_OVER_MS) }, hold)
      : navigator.locks.request(place, { ifAvailable: true }, hold);
    asked.catch(() => resolve(undefined)); // the other tab didn't yield in time
  });
}
