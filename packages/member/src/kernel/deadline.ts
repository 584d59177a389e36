// Until when an event is to be acted on. Its author says for how long, by a clock that may be wrong; from when on is the relay's to say.
import { type Head, stampParts } from "@agora/protocol";

/** The end of an event's time by the relay's clock, unix milliseconds; undefined when it has none. [EVENT-10] */
export function deadlineOf({ time, expires }: Pick<Head, "time" | "expires">, stamp: string): number | undefined {
  return expires === undefined ? undefined : stampParts(stamp)[0] + (expires - time);
}
