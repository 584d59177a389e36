// Requirements that no test shows yet, each with the reason. Nothing ships while one stands here.
import type { RequirementId } from "./requirements.ts";

const RELAY = "relay-server: a test that shows it has to cite it";
const DAEMON = "room, link or daemon: not written yet";
const SEAT = "commands or mcp: a test that shows it has to cite it";

/** Id and reason. */
export const PENDING: Partial<Record<RequirementId, string>> = {
  "JOIN-11": RELAY,
  "STAMP-5": RELAY,
  "POST-6": RELAY,
  "POST-7": RELAY,
  "CONTROL-3": RELAY,
  "CLOSE-5": RELAY,
  "JOIN-10": DAEMON,
  "EVENT-7": DAEMON,
  "EVENT-8": DAEMON,
  "EVENT-9": DAEMON,
  "EVENT-10": DAEMON,
  "CHAIN-1": DAEMON,
  "CHAIN-2": DAEMON,
  "ADDRESS-2": DAEMON,
  "SEQ-3": DAEMON,
  "STAMP-4": DAEMON,
  "STAMP-6": DAEMON,
  "POST-1": DAEMON,
  "DELIVER-5": DAEMON,
  "DELIVER-6": DAEMON,
  "RECEIPT-4": DAEMON,
  "RECEIPT-5": DAEMON,
  "RECEIPT-6": DAEMON,
  "PRESENCE-3": DAEMON,
  "PIN-1": DAEMON,
  "PIN-2": DAEMON,
  "RATE-2": DAEMON,
  "FILE-4": DAEMON,
  "FILE-7": DAEMON,
  "FILE-8": DAEMON,
  "CONTROL-7": DAEMON,
  "ROLE-1": SEAT,
  "SHOW-2": SEAT,
};
