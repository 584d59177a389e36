// The exit codes of all commands.

export const EXIT_CODES = [
  { code: 0, means: "done; of `wait`: something came, or the time was over" },
  { code: 1, means: "refused or failed, one sentence says why; of `wait`: it may be started again" },
  { code: 2, means: "the words were wrong, nothing was done" },
  { code: 3, means: "of `wait`: the room was stopped, by the person or an operator; don't start it again" },
  { code: 4, means: "of `wait`: the relay refuses this member for good; don't start it again" },
] as const;

export type ExitCode = (typeof EXIT_CODES)[number]["code"];
