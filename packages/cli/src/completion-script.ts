// Shell completion, generated from the same tree the parser uses: commands, their subcommands, and their options.
import type { Command } from "commander";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

interface Word {
  readonly word: string;
  readonly summary: string;
}

/** A command and what may follow it. */
interface Row extends Word {
  readonly after: readonly Word[];
}

/** The script that a person's shell reads. */
export function completionScript(program: Command, shell: Shell): string {
  const rows = program.commands
    .filter((one) => !("_hidden" in one) || one._hidden !== true)
    .map((command): Row => ({ word: command.name(), summary: plain(command.description()), after: wordsOf(command) }));
  return { bash, zsh, fish }[shell](rows);
}

function wordsOf(command: Command): Word[] {
  const below = command.commands.map((one) => ({ word: one.name(), summary: plain(one.description()) }));
  const options = command.options.flatMap(({ long, description }) =>
    long === undefined || long === null ? [] : [{ word: long, summary: plain(description) }],
  );
  return [...below, ...options];
}

/** Removes everything a shell could interpret. */
function plain(text: string): string {
  return text
    .replaceAll(/[^\w .,;#@/()-]/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
}

function bash(rows: readonly Row[]): string {
  const cases = rows.map(({ word, after }) => `    ${word}) words="${after.map((one) => one.word).join(" ")}" ;;`);
  return [
    "# Agora's completion for bash: agora completion bash >> ~/.bashrc",
    "_agora() {",
    '  local cur="${COMP_WORDS[COMP_CWORD]}" words=""',
    `  if [ "$COMP_CWORD" -eq 1 ]; then words="${rows.map(({ word }) => word).join(" ")}"`,
    '  else case "${COMP_WORDS[1]}" in',
    ...cases,
    "  esac; fi",
    '  COMPREPLY=($(compgen -W "$words" -- "$cur"))',
    "}",
    "complete -o default -F _agora agora",
  ].join("\n");
}

function zsh(rows: readonly Row[]): string {
  const list = (words: readonly Word[]): string => words.map(({ word, summary }) => `'${word}:${summary}'`).join(" ");
  return [
    "#compdef agora",
    "# Agora's completion for zsh: agora completion zsh >> ~/.zshrc (after compinit)",
    "_agora() {",
    "  local -a found",
    `  if (( CURRENT == 2 )); then found=(${list(rows)}); _describe command found; return; fi`,
    "  case ${words[2]} in",
    ...rows.map(({ word, after }) => `    ${word}) found=(${list(after)}) ;;`),
    "  esac",
    "  _describe option found; _files",
    "}",
    "compdef _agora agora",
  ].join("\n");
}

function fish(rows: readonly Row[]): string {
  return [
    "# Agora's completion for fish: agora completion fish > ~/.config/fish/completions/agora.fish",
    ...rows.flatMap(({ word, summary, after }) => [
      `complete -c agora -n __fish_use_subcommand -f -a ${word} -d '${summary}'`,
      ...after.map((one) => {
        const what = one.word.startsWith("--") ? `-l ${one.word.slice(2)}` : `-a ${one.word}`;
        return `complete -c agora -n '__fish_seen_subcommand_from ${word}' ${what} -d '${one.summary}'`;
      }),
    ]),
  ].join("\n");
}
