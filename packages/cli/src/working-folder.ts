// The folder a command was given in. It may have been deleted under the shell that stands in it, where Node throws.

/** The working folder, or the path by which the shell still calls it when it is gone. */
export function workingFolder(env: Readonly<Record<string, string | undefined>>): string {
  try {
    return process.cwd();
  } catch {
    return env["PWD"] || "(deleted)";
  }
}
