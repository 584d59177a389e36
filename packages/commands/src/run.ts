// Carries out a command: every surface calls this and shows what comes back.
import type { Answer, AnswerTo, CommandContext } from "./answer.ts";
import { refusal } from "./permissions.ts";
import type { Command } from "./command.ts";
import { accept } from "./commands/accept.ts";
import { answer } from "./commands/answer.ts";
import { append } from "./commands/append.ts";
import { ask } from "./commands/ask.ts";
import { busy, ping } from "./commands/busy.ts";
import { chains } from "./commands/chains.ts";
import { channel, channels } from "./commands/channels.ts";
import { control, controls, grant } from "./commands/control.ts";
import { decide, decisions } from "./commands/decide.ts";
import { help } from "./commands/help.ts";
import { history } from "./commands/history.ts";
import { inbox } from "./commands/inbox.ts";
import { mode } from "./commands/mode.ts";
import { more } from "./commands/more.ts";
import { questions } from "./commands/questions.ts";
import { reject } from "./commands/reject.ts";
import { say } from "./commands/say.ts";
import { start } from "./commands/start.ts";
import { status } from "./commands/status.ts";
import { stop } from "./commands/stop.ts";
import { trust } from "./commands/trust.ts";
import { update } from "./commands/update.ts";
import { wait } from "./commands/wait.ts";
import { who } from "./commands/who.ts";
import { whoami } from "./commands/whoami.ts";
import { withInput } from "./text-from-input.ts";

/** Carries out `command` and gives its answer; expected failures are answers too. */
export async function runCommand<C extends Command>(command: C, around: CommandContext): Promise<AnswerTo<C>> {
  const refused = refusal(command, around.via);
  if (refused !== undefined) return refused;
  const whole = await withInput(command, around);
  return (whole.ok ? await dispatch(whole.value, around) : whole) as AnswerTo<C>;
}

function dispatch(command: Command, around: CommandContext): Promise<Answer> {
  switch (command.name) {
    case "start":
      return start(command, around);
    case "stop":
      return stop(around);
    case "say":
      return say(command, around);
    case "who":
      return who(command, around);
    case "whoami":
      return whoami(around);
    case "inbox":
      return inbox(around);
    case "accept":
      return accept(command, around);
    case "reject":
      return reject(command, around);
    case "append":
      return append(command, around);
    case "mode":
      return mode(command, around);
    case "history":
      return history(command, around);
    case "status":
      return status(command, around);
    case "wait":
      return wait(command, around);
    case "trust":
      return trust(command, around);
    case "pause":
    case "resume":
    case "stop-all":
    case "reset":
    case "kick":
    case "ban":
    case "unban":
    case "interrupt":
    case "inject":
    case "rates":
      return control(command, around);
    case "channels":
      return channels(around);
    case "join":
    case "leave":
    case "topic":
    case "remove":
    case "admit":
      return channel(command, around);
    case "controls":
      return controls(around);
    case "grant":
      return grant(command, around);
    case "more":
      return more(command, around);
    case "chains":
      return chains(around);
    case "ask":
    case "escalate":
      return ask(command, around);
    case "answer":
      return answer(command, around);
    case "questions":
      return questions(command, around);
    case "decide":
      return decide(command, around);
    case "decisions":
      return decisions(command, around);
    case "busy":
      return busy(command, around);
    case "ping":
      return ping(command, around);
    case "update":
      return update(around);
    default:
      return help(command, around);
  }
}
