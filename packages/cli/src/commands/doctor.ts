// `agora doctor`: checks everything that has to work here, and names a fix for whatever doesn't.
import type { Results } from "@agora/ipc";
import { findDaemon } from "@agora/ipc";
import { findRelayKey, findToken, type Home, isNewer, keyPair, type Place, readSettings } from "@agora/user-config";
import { generateKeyPair } from "@agora/ports";
import { harmlessLine, parseRelayAddress, type Result } from "@agora/protocol";
import { hookTroubles, PLAIN, viaOfShell } from "@agora/commands";
import { broken, doubtful, type Finding, good } from "../doctor-finding.ts";
import { checkClaude } from "../doctor-claude.ts";
import { reportOf } from "../doctor-report.ts";
import { checkCodex } from "../doctor-codex.ts";
import { checkHome, checkNetwork, checkNode, checkNodePath, checkOtherSystems, checkSocket } from "../doctor-local.ts";
import { checkRelay, type Visitor } from "../doctor-relay.ts";
import { checkSeats, testWaking } from "../doctor-wake.ts";
import { choosePaint } from "../paint.ts";
import { settleNetwork } from "../session-network.ts";
import { findProjectPath } from "../command-context.ts";
import { terminalHome } from "../terminal-home.ts";
import { type ExitCode, print, printFailure, printJson, type Start } from "../terminal.ts";
import { VERSION } from "../version.ts";

/** Runs the checks; exits with 0 when nothing is broken. A warning alone isn't a failure. */
export async function doctor(
  start: Start,
  json: boolean,
  project: string | undefined,
  wishes: { readonly trustHooks?: boolean; readonly wake?: boolean } = {},
): Promise<ExitCode> {
  const found = terminalHome(start);
  if (!found.ok) return printFailure(found, json);
  const home = found.value;
  const place = findProjectPath(start, home, project);
  const origin = place.ok ? place.value.project?.origin : undefined;
  const network = checkNetwork(home, origin, start.env); // before the next line changes it
  settleNetwork(start, home, origin);
  if (!place.ok && place.code === "usage") return printFailure(place, json);
  const findings = [...(await findAll(start, home, place, wishes)), ...network];
  if (json) printJson(reportOf(findings));
  else {
    const paint = (await choosePaint(start.env, process.stdout.isTTY)) ?? PLAIN;
    const colour = { ok: paint.good, warn: paint.name, fail: paint.bad };
    for (const { check, state, detail, fix } of findings) {
      print(
        `${colour[state](state.padEnd(4))} ${check.padEnd(10)} ${harmlessLine(detail, 400)}${fix === undefined ? "" : ` → ${fix}`}`,
      );
    }
  }
  return findings.some((finding) => finding.state === "fail") ? 1 : 0;
}

/** Runs all checks; a missing project is reported as one of them. */
export async function findAll(
  start: Start,
  home: Home,
  place: ReturnType<typeof findProjectPath>,
  wishes: { readonly trustHooks?: boolean; readonly wake?: boolean },
): Promise<Finding[]> {
  const node = [checkNode(process.version), checkNodePath(start.env, process.execPath)];
  const findings = [...node, ...(await checkHome(home)), ...checkOtherSystems(start.env)];
  if (place.ok && wishes.wake === true) findings.push(...(await tryWaking(home, place.value.path, start.env)));
  if (place.ok) {
    findings.push(...(await checkProject(home, place.value)));
    findings.push(
      ...(await checkClaude(home, start.env, place.value.path)),
      ...(await checkCodex(home, start.env, place.value.path, wishes.trustHooks === true)),
    );
  } else if (place.code === "no-directory")
    findings.push(broken("project", place.message, "cd into the project's folder"));
  return findings;
}

async function checkProject(home: Home, { path, project }: Place): Promise<Finding[]> {
  const listed =
    project === undefined
      ? doubtful("project", `${path} is not in a room`, "agora start -n NAME")
      : project.joined
        ? good("project", `${project.path} is ${project.name} in ${project.room} (mode=${project.mode})`)
        : doubtful("project", `${project.path} has left ${project.room}`, "agora start");
  const findings = [listed, checkSocket(home, path)];
  const status = await askStatus(home, path);
  if (status.ok) findings.push(...checkDaemon(status.value));
  else if (project?.joined)
    findings.push(broken("daemon", status.message, "agora update starts it again; its log is .agora/daemon.log"));
  const joined = status.ok && status.value.connection.state === "joined";
  const visitor = await chooseVisitor(home, project, joined);
  if (visitor === undefined)
    findings.push(doubtful("relay", "none is known", "agora start with an invite, or --relay"));
  else findings.push(...(await checkRelay(visitor)));
  return findings;
}

/** Runs before everything else, so that the lines about the sessions know what it proved. */
async function tryWaking(home: Home, project: string, env: Start["env"]): Promise<Finding[]> {
  const client = await findDaemon({ home, project, version: VERSION });
  if (!client.ok) return [broken("wake test", client.message, "agora start")];
  try {
    const status = await client.value.request("status", {});
    const troubles = hookTroubles(home, Date.now());
    return status.ok ? await testWaking(client.value, status.value, viaOfShell(env), troubles) : [];
  } finally {
    client.value.close();
  }
}

async function askStatus(home: Home, project: string): Promise<Result<Results["status"]>> {
  const client = await findDaemon({ home, project, version: VERSION });
  if (!client.ok) return client;
  try {
    return await client.value.request("status", {});
  } finally {
    client.value.close();
  }
}

function checkDaemon(status: Results["status"]): Finding[] {
  const { daemon, connection, notices } = status;
  const findings = [
    !isNewer(VERSION, daemon.version)
      ? good("daemon", `pid ${daemon.pid}, version ${daemon.version}`)
      : doubtful("daemon", `pid ${daemon.pid} runs version ${daemon.version}, this is ${VERSION}`, "agora update"),
    connection.state === "joined"
      ? good("token", `accepted: ${connection.name} is in ${connection.room}`)
      : broken(
          "connection",
          `${connection.state}${connection.reason === undefined ? "" : `: ${connection.reason}`}`,
          "see the relay's lines below",
        ),
    ...notices.map((notice) => doubtful("daemon", notice, "see .agora/daemon.log")),
  ];
  findings.push(...checkSeats(status, Date.now()));
  return findings;
}

function trustOf(home: Home, relay: string): Visitor["trust"] {
  const address = parseRelayAddress(relay);
  const kept = address.ok ? findRelayKey(home, address.value.origin) : address;
  return kept.ok ? (kept.value ?? {}) : {};
}

/** A listed member asks with its own key, and with its token unless its daemon is already in the room. */
async function chooseVisitor(home: Home, project: Place["project"], joined: boolean): Promise<Visitor | undefined> {
  const settings = await readSettings(home);
  const file = settings.ok ? settings.value : {};
  const ca = file.caFile === undefined ? {} : { caFile: file.caFile };
  if (project === undefined) {
    return file.relayUrl === undefined
      ? undefined
      : {
          relay: file.relayUrl,
          room: "lobby",
          name: "doctor",
          keys: generateKeyPair(),
          trust: trustOf(home, file.relayUrl),
          ...ca,
        };
  }
  const { relay, origin, room, name } = project;
  const keys = await keyPair(home, { origin, room, name });
  const token = findToken(home, origin, room);
  return {
    relay,
    room,
    name,
    keys: keys.ok ? keys.value : generateKeyPair(),
    trust: trustOf(home, relay),
    ...(token.ok && token.value !== undefined && !joined ? { token: token.value.token } : {}),
    ...ca,
  };
}
