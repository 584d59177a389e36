// The whole command tree, in commander: help, usage errors, and the terminal-only commands. The frequent commands are
// described here from the table that their parser uses, but carried out elsewhere.
import { COMMON_OPTIONS, isCommandName, usageOf, VOCABULARY } from "@agora/commands";
import { type Failure, fail } from "@agora/protocol";
import { RELAY_OPTIONS } from "@agora/relay";
import { Command, CommanderError } from "commander";
import type { InviteFlags } from "./commands/invite.ts";
import { addAbout } from "./about-program.ts";
import { addHelp } from "./help-program.ts";
import { addInstall, addUninstall } from "./install-program.ts";
import { addResident } from "./resident-program.ts";
import { addTerminalCommand, withOptions } from "./terminal-program.ts";
import { type ExitCode, printFailure, type Start } from "./terminal.ts";
import { VERSION } from "./version.ts";

interface Common {
  readonly json?: boolean;
  readonly project?: string;
}

/** Parses `argv` with commander and carries it out. */
export async function runProgram(start: Start, argv: readonly string[], common: Common): Promise<ExitCode> {
  let code: ExitCode = 0;
  const program = createProgram(start, common, (result) => {
    code = result;
  });
  const json = common.json === true || argv.includes("--json");
  if (argv.length === 0) {
    process.stderr.write(program.helpInformation());
    return 2;
  }
  try {
    await program.parseAsync([...argv], { from: "user" });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    if (error.code === "commander.help") return printFailure(subcommandMissing(program, argv), json);
    return printFailure(fail("usage", error.message.replace(/^error: /, "").replaceAll(/\s*\n\s*/g, " ")), json);
  }
}

/** `agora room` alone. */
function subcommandMissing(program: Command, argv: readonly string[]): Failure {
  const command = program.commands.find((c) => argv.includes(c.name()) && c.commands.length > 0);
  const ways = (command?.commands ?? []).map((c) => `agora ${command?.name()} ${c.name()} ${termOf(c)}`.trim());
  return fail("usage", `${command?.name()} needs a command: ${ways.join(", ")}.`);
}

/** Prints the help of one command, or of all. */
export function printHelp(start: Start, topic: string | undefined): ExitCode {
  const program = createProgram(start, {}, () => undefined);
  const command = topic === undefined ? program : (program.commands.find((c) => c.name() === topic) ?? program);
  command.outputHelp();
  return 0;
}

function createProgram(start: Start, common: Common, done: (code: ExitCode) => void): Command {
  const program = new Command("agora")
    .description("One room for several people's coding agents and the people themselves.")
    .version(VERSION, "-V, --version")
    .usage("COMMAND [OPTIONS]")
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .configureHelp({ subcommandTerm: (command) => `${command.name()} ${termOf(command)}`.trim() });
  const withCommon = (command: Command): Command => {
    for (const option of COMMON_OPTIONS) {
      if (option.name === "help") command.helpOption("-h, --help", option.summary);
      else withOptions(command, [option]);
    }
    return command;
  };
  const merged = (flags: Common): Common => ({ ...common, ...flags });

  describeRoomCommands(program, withCommon);

  withCommon(addTerminalCommand(program, "watch")).action(async (flags: Common) => {
    const { watch } = await import("./commands/watch.ts");
    const { json, project } = merged(flags);
    done(await watch(start, json === true, project));
  });

  withCommon(addTerminalCommand(program, "console")).action(async (flags: Common & { readonly browser: boolean }) => {
    const { openWebConsole } = await import("./commands/console.ts");
    const { json, project } = merged(flags);
    done(await openWebConsole(start, { json: json === true, project, browser: flags.browser }));
  });

  addTerminalCommand(program, "rooms").action(async (flags: Common) => {
    const { rooms } = await import("./commands/rooms.ts");
    done(await rooms(start, merged(flags).json === true));
  });

  const relay = addTerminalCommand(program, "relay");
  for (const option of RELAY_OPTIONS) {
    const value = "value" in option ? ` <${option.value}>` : "";
    const env = "env" in option ? ` [${option.env}]` : "";
    relay.option(`--${option.flag}${value}`, `${option.text}${env}`);
  }
  relay.action(async (flags: Record<string, string | boolean>) => {
    const { relay: run } = await import("./commands/relay.ts");
    done(await run(start, common.json ? { json: true, ...flags } : flags));
  });

  addResident(program, start, withCommon, done);

  const room = withCommon(addTerminalCommand(program, "room"));
  withCommon(room.command("create <NAME>").description("make the room's root key pair")).action(
    async (name: string, flags: Common) => {
      const { roomCreate } = await import("./commands/room.ts");
      done(await roomCreate(start, name, merged({ ...room.opts<Common>(), ...flags }).json === true));
    },
  );

  // Carried out before commander is loaded; here only for the help.
  withCommon(withOptions(room.command("show").description(VOCABULARY.card.summary), []));
  withCommon(withOptions(room.command("set").description(VOCABULARY.card.summary), VOCABULARY.card.options));

  withCommon(addTerminalCommand(program, "invite")).action(
    async (name: string | undefined, id: string | undefined, flags: InviteFlags) => {
      const { invite } = await import("./commands/invite.ts");
      done(await invite(start, name, id, { ...common, ...flags }));
    },
  );

  withCommon(addTerminalCommand(program, "forget")).action(async (what: string | undefined, flags: Common) => {
    const { forget } = await import("./commands/forget.ts");
    done(await forget(start, what, merged(flags)));
  });

  withCommon(addTerminalCommand(program, "doctor")).action(
    async (flags: Common & { readonly trustHooks?: boolean; readonly wake?: boolean }) => {
      const { doctor } = await import("./commands/doctor.ts");
      const { json, project } = merged(flags);
      done(await doctor(start, json === true, project, flags));
    },
  );

  addInstall(program, start, common.json === true, done);
  addAbout(program, start, common, done);
  addUninstall(program, start, common.json === true, done);

  addTerminalCommand(program, "demo").action(async (flags: Common) => {
    const { demo } = await import("./commands/demo.ts");
    done(await demo(start, merged(flags).json === true));
  });

  // Carried out before commander is loaded; here only for the help.
  addTerminalCommand(program, "hook");
  addTerminalCommand(program, "mcp");
  program.command("daemon <PROJECT>", { hidden: true }).description("run a project's daemon");
  addHelp(program);
  for (const command of [program, ...program.commands, ...room.commands]) {
    command.exitOverride().configureOutput({ writeErr: () => undefined });
  }
  return program;
}

function describeRoomCommands(program: Command, withCommon: (command: Command) => Command): void {
  for (const [name, words] of Object.entries(VOCABULARY)) {
    if (name === "help" || !isCommandName(name)) continue;
    const command = program
      .command(name)
      .description(words.summary)
      .usage(usageOf(name).slice(name.length + 1));
    withCommon(withOptions(command, words.options));
    if (words.more !== undefined) command.addHelpText("after", `\n${words.more}`);
  }
}

/** What follows a command's name in the list of commands; its options are left to its own help. */
function termOf(command: Command): string {
  const name = command.name();
  if (!isCommandName(name))
    return command.registeredArguments.map((a) => (a.required ? a.name() : `[${a.name()}]`)).join(" ");
  const { addressed, words, text } = VOCABULARY[name];
  return [...(addressed ? ["[@a @b]"] : []), ...words, ...(text === undefined ? [] : [text])].join(" ");
}
