// What becomes of a request whose asker has gone before it was begun: the daemon stood still, because the machine slept or its
// disk did, and the asker was told that nothing answers. What it asked for then must not happen behind its back, nor may
// lines count as handed that nobody takes. An asker that is gone is seen in the order of its own bytes: the end of the
// connection, or its word that it waits no longer, stands right behind the request. No clock is needed for that.
import type { RequestName } from "./messages.ts";

/**
 * By request: `skip`: it is not carried out. `do`: it only tells what has happened on the asker's side, so it is true and
 * has to be known whether or not somebody waits for the answer.
 */
export const WHEN_ABANDONED: Readonly<Record<RequestName, "skip" | "do">> = {
  // Said, decided or changed for the room: the person was told that nothing answers, and will do it again.
  say: "skip",
  accept: "skip",
  reject: "skip",
  append: "skip",
  mode: "skip",
  trust: "skip",
  control: "skip",
  grant: "skip",
  ask: "skip",
  answer: "skip",
  withdraw: "skip",
  decide: "skip",
  more: "skip",
  channel: "skip",
  busy: "skip",
  console: "skip",
  stop: "skip",
  handOver: "skip",
  // Hands something over, or notes that it was read.
  prompt: "skip",
  sign: "skip",
  turnEnd: "skip",
  inbox: "skip",
  history: "skip",
  bringWord: "skip",
  // Binds a connection that is not there any more, or waits on it.
  attach: "skip",
  resession: "skip",
  sessionStart: "skip",
  awaitWake: "skip",
  ready: "skip",
  wait: "skip",
  watch: "skip",
  ping: "skip",
  probeWake: "skip",
  // Only looks.
  who: "skip",
  whoami: "skip",
  status: "skip",
  controls: "skip",
  questions: "skip",
  decisions: "skip",
  chains: "skip",
  channels: "skip",
  // Tells what is so.
  waiting: "do",
  breakOff: "do",
  detach: "do",
};
