// The relay's log: JSON lines on standard output, by pino. Names, rooms and codes; never a body, never a token.
import type { Log } from "@agora/ports";
import { pino } from "pino";
import type { LogLevel } from "./config.ts";

/** A log of JSON lines on standard output. */
export function pinoLog(level: LogLevel): Log {
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, messageKey: "event" });
  return {
    info: (event, fields) => logger.info(fields ?? {}, event),
    warn: (event, fields) => logger.warn(fields ?? {}, event),
  };
}
