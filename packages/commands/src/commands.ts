// Every command of every surface, in the order of the help.
import { top } from "./activity/top.ts";
import { attention } from "./attention/attention.ts";
import { card } from "./card/card.ts";
import { chains } from "./chains/chains.ts";
import { more } from "./chains/more.ts";
import { archive, leave, role, topic } from "./channels/act.ts";
import { channels } from "./channels/channels.ts";
import { join } from "./channels/join.ts";
import { start } from "./connection/start.ts";
import { status } from "./connection/status.ts";
import { stop } from "./connection/stop.ts";
import { update } from "./connection/update.ts";
import { ban, inject, interrupt, kick, pause, rates, reset, resume, stopAll, unban } from "./controls/control.ts";
import { controls } from "./controls/controls.ts";
import { grant } from "./controls/grant.ts";
import { admit, remove } from "./controls/membership.ts";
import { decide, decisions } from "./decisions/decide.ts";
import { devices } from "./devices/devices.ts";
import { link } from "./devices/link.ts";
import { help } from "./help/help.ts";
import { accept } from "./inbox/accept.ts";
import { allow } from "./inbox/allow.ts";
import { inbox } from "./inbox/inbox.ts";
import { mode } from "./inbox/mode.ts";
import { reject } from "./inbox/reject.ts";
import { wait } from "./inbox/wait.ts";
import { invites } from "./lobby/invites.ts";
import { append } from "./messages/append.ts";
import { history } from "./messages/history.ts";
import { open } from "./messages/open.ts";
import { say } from "./messages/say.ts";
import { unread } from "./messages/unread.ts";
import { ping } from "./ping/ping.ts";
import { busy } from "./presence/busy.ts";
import { who } from "./presence/who.ts";
import { whoami } from "./presence/whoami.ts";
import { answer } from "./questions/answer.ts";
import { ask, escalate } from "./questions/ask.ts";
import { questions } from "./questions/questions.ts";
import { react } from "./reactions/react.ts";
import { trust } from "./trust/trust.ts";

export const COMMANDS = {
  start,
  stop,
  say,
  who,
  whoami,
  attention,
  inbox,
  accept,
  reject,
  append,
  react,
  mode,
  allow,
  history,
  open,
  unread,
  status,
  wait,
  trust,
  devices,
  link,
  more,
  ask,
  escalate,
  answer,
  questions,
  decide,
  decisions,
  chains,
  card,
  busy,
  ping,
  invites,
  channels,
  join,
  leave,
  topic,
  remove,
  admit,
  role,
  archive,
  top,
  controls,
  pause,
  resume,
  "stop-all": stopAll,
  reset,
  kick,
  ban,
  unban,
  interrupt,
  inject,
  rates,
  grant,
  update,
  help,
} as const;
