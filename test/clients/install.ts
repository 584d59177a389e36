// Puts every pinned client into the cache folder, for the machine that runs the real-client tests.
// Running it again does nothing.
import { CODEX_VERSIONS, codexBinary, installCodex } from "./codex-installed.ts";
import { INSPECTOR_VERSION, inspectorScript, installInspector } from "./inspector.ts";
import { clientBinary, installClient, VERSIONS } from "./installed.ts";
import { fileOf, GEMINI, installNpmClient, OPENCODE } from "./npm-client.ts";

for (const version of VERSIONS) {
  const outcome = await installClient(version);
  console.log(`Claude Code ${version}: ${outcome}, ${clientBinary(version)}`);
}

for (const version of CODEX_VERSIONS)
  console.log(`Codex ${version}: ${await installCodex(version)}, ${codexBinary(version)}`);
console.log(`MCP inspector ${INSPECTOR_VERSION}: ${await installInspector()}, ${inspectorScript()}`);
for (const client of [GEMINI, OPENCODE])
  console.log(`${client.title} ${client.version}: ${await installNpmClient(client)}, ${fileOf(client)}`);
