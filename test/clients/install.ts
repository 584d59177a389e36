// Puts every pinned client into the cache folder, for the machine that runs the real-client tests.
// Running it again does nothing.
import { CODEX_VERSION, codexBinary, installCodex } from "./codex-installed.ts";
import { INSPECTOR_VERSION, inspectorScript, installInspector } from "./inspector.ts";
import { clientBinary, installClient, VERSIONS } from "./installed.ts";
import { fileOf, GEMINI, installNpmClient, OPENCODE } from "./npm-client.ts";

for (const version of VERSIONS) {
  const outcome = await installClient(version);
  console.log(`Claude Code ${version}: ${outcome}, ${clientBinary(version)}`);
}

console.log(`Codex ${CODEX_VERSION}: ${await installCodex()}, ${codexBinary()}`);
console.log(`MCP inspector ${INSPECTOR_VERSION}: ${await installInspector()}, ${inspectorScript()}`);
for (const client of [GEMINI, OPENCODE])
  console.log(`${client.title} ${client.version}: ${await installNpmClient(client)}, ${fileOf(client)}`);
