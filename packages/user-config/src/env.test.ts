import { expect, it } from "vitest";
import { agentShell, scrubbedEnv } from "./env.ts";

it("knows an agent's shell", () => {
  expect(agentShell({})).toBe(false);
  expect(agentShell({ CLAUDECODE: "" })).toBe(false);
  expect(agentShell({ CLAUDECODE: "1" })).toBe(true);
  expect(agentShell({ CODEX_SANDBOX: "seatbelt" })).toBe(true);
});

it("gives a daemon nothing of a client, no token, no way to run code in it", () => {
  const kept = scrubbedEnv({
    PATH: "/bin",
    Path: "C:\\bin",
    HOME: "/h",
    AGORA_HOME: "/a",
    XDG_CONFIG_HOME: "/x",
    LC_ALL: "C",
    https_proxy: "http://p",
    CLAUDECODE: "1",
    CLAUDE_CODE_MESSAGING_TOKEN: "secret",
    CODEX_HOME: "/c",
    AGORA_TOKEN: "secret",
    AGORA_RELAY_URL: "wss://evil.example",
    AGORA_MODE: "auto",
    ANTHROPIC_API_KEY: "secret",
    NODE_EXTRA_CA_CERTS: "/evil.pem",
    NODE_TLS_REJECT_UNAUTHORIZED: "0",
    GIT_SSH_COMMAND: "evil",
    NODE_OPTIONS: "--require evil",
    LD_PRELOAD: "evil.so",
    UNSET: undefined,
  });
  expect(Object.keys(kept).sort()).toEqual(["HOME", "LC_ALL", "PATH", "Path"]);
});
