// Every client: in, in again, out again; the file comes back byte for byte, with its comments and whatever else is in it.
import { mkdirSync, mkdtempSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  carryOut,
  type Client,
  CLIENTS,
  findClient,
  type Installer,
  planInstall,
  planUninstall,
} from "../src/index.ts";

const readIfThere = (path: string) => (existsSync(path) ? readFileSync(path, "utf8") : undefined);

const launch = { command: "node", bundle: "/home/a b/agora.mjs" };

function openMachine(client: Client, text?: string, env: Record<string, string> = {}) {
  const path = mkdtempSync(join(tmpdir(), "agora-install-"));
  const world = {
    env: { HOME: path, ...env },
    homedir: path,
    platform: "linux" as const,
    exists: existsSync,
    read: readIfThere,
  };
  const installer: Installer = { client, world, home: { path: join(path, "agora") }, name: "agora" };
  const file = client.file(world);
  mkdirSync(dirname(file), { recursive: true });
  if (text !== undefined) writeFileSync(file, text);
  const read = () => (existsSync(file) ? readFileSync(file, "utf8") : undefined);
  return {
    file,
    read,
    async install(how = launch) {
      const plan = planInstall(installer, how);
      if (!plan.ok) return plan;
      return await carryOut(plan.value, installer, true);
    },
    async uninstall() {
      const plan = planUninstall(installer);
      return plan.ok ? await carryOut(plan.value, installer, false) : plan;
    },
    [Symbol.dispose]: () => rmSync(path, { recursive: true }),
  };
}

const JSON_TEXTS = [
  "{}",
  `\uFEFF{ "theme": "dark" }`,
  "{}\n",
  '{\n  // mine\n  "theme": "dark", /* and this */\n  "mcpServers": {\n    "x": { "command": "y" } // keep\n  },\n}\n',
  '{\r\n\t"servers": {\r\n\t\t"x": {"command": "y"}\r\n\t},\r\n\t"mcp": {}\r\n}',
  '{ "mcp": { "z": { "type": "local", "command": ["q"] } }, "mcpServers": {} }',
];

const MARK = "\uFEFF";

const TOML_TEXTS = [
  "",
  `${MARK}model = "x"\r\n`,
  "# nothing but words",
  'model = "x" # mine\n\n[mcp_servers.other]\ncommand = "y"   # keep\n\n# the end\n',
  'model = "x"\r\n\r\n[[hooks.Stop]]\r\n[[hooks.Stop.hooks]]\r\ntype = "command"\r\ncommand = "mine"\r\n',
  "a = 1\n\n\n",
  'hooks.state."x".trusted_hash = "y"\n[features]\nx = true',
];

describe.each(CLIENTS.map((client) => [client.name, client] as const))("%s", (name, client) => {
  test.each(name === "codex" ? TOML_TEXTS : JSON_TEXTS)("comes back byte for byte: %j", async (text) => {
    using machine = openMachine(client, text);
    expect(await machine.install()).toEqual({ ok: true, value: undefined });
    const installed = machine.read()!;
    expect(installed).toContain("mcp");
    for (const comment of text.match(/(#|\/\/|\/\*).*/g) ?? []) expect(installed).toContain(comment);
    await machine.install();
    expect(machine.read()).toBe(installed);
    await machine.install({ ...launch, bundle: "/elsewhere/agora.mjs" });
    expect(machine.read()).toBe(installed.replaceAll("/home/a b/agora.mjs", "/elsewhere/agora.mjs"));
    expect(await machine.uninstall()).toEqual({ ok: true, value: undefined });
    expect(machine.read()).toBe(text);
    await machine.uninstall();
    expect(machine.read()).toBe(text);
  });

  test("a file that was not there goes again", async () => {
    using machine = openMachine(client);
    await machine.install();
    expect(machine.read()).toBeDefined();
    await machine.uninstall();
    expect(machine.read()).toBeUndefined();
  });

  test("what is not ours stays ours to leave alone", async () => {
    const foreign =
      name === "codex"
        ? '[mcp_servers.agora]\ncommand = "another"\n'
        : '{ "mcpServers": {"agora": {"command": "a"}}, "servers": {"agora": {}}, "mcp": {"agora": {"command": ["a"]}} }';
    using machine = openMachine(client, foreign);
    expect(await machine.install()).toMatchObject({ ok: false, code: "not-ours" });
    expect(await machine.uninstall()).toMatchObject({ ok: true });
    expect(machine.read()).toBe(foreign);
  });

  if (name !== "codex")
    test.each([
      ["[]", /an array where an object/],
      ['{ "mcpServers": [], "servers": [], "mcp": [] }', /is an array where an object/],
      ['{ "mcpServers": null, "servers": null, "mcp": null }', /is null where an object/],
      ['{ "mcpServers": "x", "servers": "x", "mcp": "x" }', /is a string where an object/],
      ["\0{}", /save it as UTF-8/],
    ])("what has another form than expected is refused and stays: %j", async (text, sentence) => {
      using machine = openMachine(client, text);
      expect(await machine.install()).toMatchObject({ ok: false, message: expect.stringMatching(sentence) as string });
      expect(machine.read()).toBe(text);
    });

  test("a file with mistakes is left alone", async () => {
    using machine = openMachine(client, "= {");
    expect(await machine.install()).toMatchObject({ ok: false, code: "unreadable" });
    expect(machine.read()).toBe("= {");
  });

  test("what came into the file meanwhile stays, also without our note", async () => {
    const text = name === "codex" ? 'model = "x"\n' : '{\n  "a": 1\n}\n';
    for (const forgotten of [false, true]) {
      using machine = openMachine(client, text);
      await machine.install();
      const installed = machine.read()!;
      const more =
        name === "codex"
          ? `first = 1\n${installed}\n[projects."/p"]\ntrust_level = "trusted"\n`
          : installed.replace('"a": 1', '"b": [2],\n  "a": 1');
      writeFileSync(machine.file, more);
      if (forgotten)
        rmSync(join(dirname(dirname(machine.file)), "agora", "installed"), { recursive: true, force: true });
      await machine.uninstall();
      const left = machine.read()!;
      expect(left).not.toContain("agora.mjs");
      expect(left).toContain(name === "codex" ? 'first = 1\nmodel = "x"\n' : '"b": [2]');
      if (name === "codex") expect(left).toContain('[projects."/p"]\ntrust_level = "trusted"\n');
    }
  });
});

test("claude: the plugin is not doubled", async () => {
  using machine = openMachine(findClient("claude")!, "{}");
  const folder = join(dirname(machine.file), ".claude", "plugins");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "installed_plugins.json"), '{"plugins":{"agora@agora":[]}}');
  expect(await machine.install()).toMatchObject({ ok: false, code: "twice" });
  expect(machine.read()).toBe("{}");
});

describe("codex", () => {
  const codex = findClient("codex")!;

  test("our hooks come after the person's own, and stay where they are", async () => {
    const own = '[[hooks.Stop]]\n[[hooks.Stop.hooks]]\ntype = "command"\ncommand = "mine"\n';
    using machine = openMachine(codex, own);
    await machine.install();
    const later = `${machine.read()!}\n${own.replace("mine", "later")}`;
    writeFileSync(machine.file, later);
    await machine.install({ ...launch, bundle: "/new/agora.mjs" });
    const order = [...machine.read()!.matchAll(/"mine"|server = "agora"|"later"/g)].map(([found]) => found);
    expect(order).toEqual(['"mine"', ...Array.from({ length: 6 }, () => 'server = "agora"'), '"later"']);
    await machine.uninstall();
    expect(machine.read()).toBe(`${own}\n${own.replace("mine", "later")}`);
  });

  test.each(["\n", "\r\n"])("a hook that is new in an update comes after the person's own, %j", async (eol) => {
    const own = (event: string) => `[[hooks.${event}]]\n[[hooks.${event}.hooks]]\ntype = "command"\ncommand = "mine"\n`;
    const before = "a = 1\n".replaceAll("\n", eol);
    using machine = openMachine(codex, before);
    await machine.install();
    // As an earlier version left it, and the person's own hooks behind it.
    const installed = machine.read()!;
    const earlier = installed.slice(0, installed.indexOf("[[hooks.PermissionRequest]]"));
    const theirs = [own("PermissionRequest"), own("Stop")].join("\n").replaceAll("\n", eol);
    writeFileSync(machine.file, earlier + theirs);
    const update = { ...launch, bundle: "/new/agora.mjs" };
    await machine.install(update);
    const updated = machine.read()!;
    const positions = (event: string) =>
      updated
        .split(`[[hooks.${event}.hooks]]`)
        .slice(1)
        .map((part) => (part.trimStart().startsWith('type = "command"') ? "mine" : "ours"));
    expect(positions("PermissionRequest")).toEqual(["mine", "ours"]);
    expect(positions("Stop")).toEqual(["ours", "mine"]);
    expect(positions("Interrupt")).toEqual(["ours"]);
    expect(updated).toContain("/new/agora.mjs");
    expect(updated).not.toContain(launch.bundle);
    await machine.install(update);
    expect(machine.read()).toBe(updated);
    await machine.uninstall();
    expect(machine.read()).toBe(before + eol + theirs);
  });

  test("a table that stands inside one of our hooks is left whole", async () => {
    using machine = openMachine(codex, "a = 1\n");
    await machine.install();
    const theirs = "\n[theirs]\nb = 2\n";
    writeFileSync(machine.file, machine.read()!.replace("[[hooks.Stop.hooks]]", `${theirs}\n[[hooks.Stop.hooks]]`));
    await machine.install({ ...launch, bundle: "/new/agora.mjs" });
    expect(machine.read()).toContain(theirs);
    await machine.uninstall();
    expect(machine.read()!.trimEnd()).toBe(`a = 1\n${theirs}`.trimEnd());
  });

  test("trust that Codex noted for our hooks goes with them, other trust stays", async () => {
    using machine = openMachine(codex, "a = 1\n");
    await machine.install();
    const key = (event: string) => `\n[hooks.state."${machine.file}:${event}:0:0"]\ntrusted_hash = "sha256:0"\n`;
    const ours = ["session_start", "user_prompt_submit", "post_tool_use", "stop", "permission_request", "interrupt"]
      .map(key)
      .join("");
    const installed = machine.read()!;
    writeFileSync(machine.file, `${installed}\n[hooks.state]\n${ours}`);
    await machine.uninstall();
    expect(machine.read()).toBe("a = 1\n");
    await machine.install();
    writeFileSync(machine.file, `${machine.read()!}\n[hooks.state]\n${ours}${key("pre_tool_use")}`);
    await machine.uninstall();
    expect(machine.read()).toBe(`a = 1\n\n[hooks.state]\n${key("pre_tool_use")}`);
  });

  test("the plugin is not doubled, and a form that can't be added to is said", async () => {
    using plugin = openMachine(codex, '[plugins."agora@agora"]\nenabled = true\n');
    expect(await plugin.install()).toMatchObject({ ok: false, code: "twice" });
    using inline = openMachine(codex, 'mcp_servers = { x = { command = "y" } }\n');
    expect(await inline.install()).toMatchObject({ ok: false, code: "shape" });
    expect(inline.read()).toBe('mcp_servers = { x = { command = "y" } }\n');
  });
});
