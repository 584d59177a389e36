// The folder a command was given in. It may have been deleted while the shell was in it; then Node throws.

/** The working folder, or the shell's path for it if it is gone. */
export function workingFolder(env: Readonly<Record<string, string | undefined>>): string {
  try {
    return process.cwd();
  } catch {
    return env["PWD"] || "(deleted)";
  }
}
