// The MCP server of one gateway session: the room's tools without a machine behind them, and the mailbox as a resource that
// a client can watch. A model speaks here, whoever owns the token.
import { newFenceTag, renderForModel, type CommandContext } from "@agora/commands";
import type { Home } from "@agora/user-config";
import type { Line, MailItem, RequestArgs } from "@agora/ipc";
import { callTool, readArgsOf } from "@agora/mcp/tool-definitions";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import {
  CallToolRequestSchema,
  type CallToolResult,
  ErrorCode,
  ListResourcesRequestSchema,
  ListToolsRequestSchema,
  McpError,
  ReadResourceRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from "@modelcontextprotocol/sdk/types.js";
import type { Clock } from "@agora/ports";
import { fail, type Failure, ok, type Result } from "@agora/protocol";
import { MAX_LINES } from "../limits.ts";
import {
  DEFAULT_WAIT_S,
  GATEWAY_INSTRUCTIONS,
  GATEWAY_TOOLS,
  isGatewayTool,
  isSpeaking,
  OWN_TOOLS,
} from "./gateway-tools.ts";
import { awaitMail, countMail, type Reader, readMail, take } from "./mailbox.ts";
import type { GatewayMember } from "./member.ts";
import type { Principal } from "./principal.ts";
import { NO_MORE } from "./streams.ts";

/** The mailbox's address as a resource. */
export const INBOX_URI = "agora://inbox";

const MAX_SHOWN_BYTES = 20_000;
/** Mailbox changes within this time are announced together. */
const TELL_WITHIN_MS = 50;
const CLOSING_WAIT_MS = 100;
const NO_FILES = fail("bad-file", "The gateway carries no files: say in words what it is about.");

/** One session's server, and how to end it. */
export interface GatewayServer {
  readonly server: Server;
  /** Stops announcing, and closes a moment later: a response may be in progress. */
  close(): void;
}

interface ServerParts {
  readonly member: GatewayMember;
  readonly principal: Principal;
  /** Whether the session's credentials are still valid. */
  readonly holds: () => boolean;
  readonly home: Home;
  readonly version: string;
  readonly clock: Clock;
}

/** Creates one session's server; it still has to be connected to a transport. */
export function createGatewayServer(options: ServerParts): GatewayServer {
  const { member, principal, clock } = options;
  const reader = readerOf(member);
  const server = new Server(
    { name: "agora", version: options.version },
    { capabilities: { tools: {}, logging: {}, resources: { subscribe: true } }, instructions: GATEWAY_INSTRUCTIONS },
  );
  const around = surroundings(options);
  const over = new AbortController();
  let subscribed = false;

  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [...GATEWAY_TOOLS] }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal }): Promise<CallToolResult> => {
    const { name, arguments: args = {} } = params;
    if (!isGatewayTool(name)) throw new McpError(ErrorCode.InvalidParams, `Unknown tool: ${name}`);
    await member.sign("mcp"); // a sign of life from the model: it has seen what it was handed before
    if (principal.observer && isSpeaking(name))
      return refused(fail("observer", "This grant lets you look, not speak."));
    switch (name) {
      case "inbox":
        return saidOr(await showInbox(reader, clock));
      case "whoami":
        return saidOr(await whoami(member));
      case "wait":
        return saidOr(await wait(options, args, [signal, over.signal]));
      case "reject":
        return saidOr(await reject(member, args));
      case "say":
        if (args["file"] !== undefined) return refused(NO_FILES);
        break;
      default:
    }
    const answer = await callTool(name, args, around, clock);
    if (!answer.ok) return refused(answer);
    return {
      ...said(answer.value.text),
      ...(answer.value.data === undefined ? {} : { structuredContent: { ...answer.value.data } }),
    };
  });
  server.setRequestHandler(ListResourcesRequestSchema, () => ({
    resources: [
      { uri: INBOX_URI, name: "inbox", description: "Messages of the room that address you.", mimeType: "text/plain" },
    ],
  }));
  server.setRequestHandler(ReadResourceRequestSchema, async ({ params: { uri } }) => {
    if (uri !== INBOX_URI) throw new McpError(ErrorCode.InvalidParams, "There is no such resource.");
    const shown = await showInbox(reader, clock);
    if (!shown.ok) throw new McpError(ErrorCode.InternalError, shown.message);
    return { contents: [{ uri, mimeType: "text/plain", text: shown.value }] };
  });
  server.setRequestHandler(SubscribeRequestSchema, ({ params: { uri } }) => {
    if (uri !== INBOX_URI) throw new McpError(ErrorCode.InvalidParams, "There is no such resource.");
    subscribed = true;
    return {};
  });
  server.setRequestHandler(UnsubscribeRequestSchema, () => {
    subscribed = false;
    return {};
  });

  let told = 0;
  let cancelTell: (() => void) | undefined;
  const tell = async (): Promise<void> => {
    cancelTell = undefined;
    const waiting = await countMail(reader);
    if (!options.holds() || !waiting.ok) return;
    const count = waiting.value.unread;
    const grown = count > told;
    told = count;
    if (!grown) return;
    // A fixed sentence and a count: what peers wrote comes only in a tool's result.
    const data = `${count} ${count === 1 ? "message waits" : "messages wait"} in the Agora room: call inbox to read.`;
    void server.sendLoggingMessage({ level: "info", logger: "agora", data }).catch(() => undefined);
    if (subscribed) void server.sendResourceUpdated({ uri: INBOX_URI }).catch(() => undefined);
  };
  const off = member.on("inbox", () => {
    cancelTell ??= clock.after(TELL_WITHIN_MS, () => void tell());
  });
  return {
    server,
    close() {
      over.abort();
      off();
      cancelTell?.();
      clock.after(CLOSING_WAIT_MS, () => void server.close().catch(() => undefined));
    },
  };
}

/** A model reads, whoever owns the token. */
function readerOf(member: GatewayMember): Reader {
  return { member, kind: "mcp", person: false };
}

async function whoami(member: GatewayMember): Promise<Result<string>> {
  const answer = await member.ask("mcp", "whoami", {});
  if (!answer.ok) return answer;
  const { name, seat = "mcp", room } = answer.value;
  return ok(`You are @${name}/${seat} in the room ${room}, through its gateway.`);
}

async function showInbox(reader: Reader, clock: Clock): Promise<Result<string>> {
  const mail = await readMail(reader, 0, MAX_LINES);
  if (!mail.ok) return mail;
  const { items } = mail.value;
  if (items.length === 0) return ok("Nothing waits.");
  const shown = items.map((item) => ({
    line: lineOf(item),
    again: item.again,
    asked: item.held === undefined && item.answers === undefined,
  }));
  const text = renderForModel(shown, { tag: newFenceTag(), maxBytes: MAX_SHOWN_BYTES, now: clock.now() });
  const told = await take(reader, items);
  if (!told.ok) return told;
  const held = items.filter((item) => item.held !== undefined);
  if (held.length === 0) return ok(text);
  const brakes = held.map((item) => `${item.line.thread.slice(0, 8)} (${item.held})`).join(", ");
  return ok(`${text}\nHeld by a brake, for people to decide on: ${brakes}.`);
}

/** Timed by its author's clock. A control is shown as the plain line that it is: this client isn't told what it decides. */
function lineOf({ line }: MailItem): Line {
  const { control: _, ...rest } = line;
  return { ...rest, at: rest.time };
}

async function wait(
  { member, clock, holds }: Pick<ServerParts, "member" | "clock" | "holds">,
  args: Record<string, unknown>,
  ends: readonly AbortSignal[],
): Promise<Result<string>> {
  const read = readArgsOf("wait", OWN_TOOLS.wait.args, args);
  if (!read.ok) return read;
  const { seconds = DEFAULT_WAIT_S } = read.value;
  const reader = readerOf(member);
  await awaitMail(
    { ...reader, clock, ms: seconds * 1_000 },
    ({ unread }) => unread > 0,
    (finish) => {
      for (const end of ends) end.addEventListener("abort", finish, { once: true });
    },
  );
  if (!holds()) return fail("unauthorized", `The wait was ended: ${NO_MORE}.`);
  if (ends.some((end) => end.aborted)) return fail("gone", "The session has ended: initialize a new one.");
  const waiting = await countMail(reader);
  if (!waiting.ok) return waiting;
  return waiting.value.unread === 0 ? ok(`Nothing came within ${seconds} s.`) : showInbox(reader, clock);
}

/** A command context without a project: the tools reach the room through the member, and nothing else. */
function surroundings({ member, home, version, clock }: ServerParts): CommandContext {
  const path = member.folder;
  const daemon: CommandContext["daemon"] = () =>
    Promise.resolve(
      ok({
        closed: new Promise<void>(() => undefined),
        // `ask` refuses anything not offered, whatever its name.
        request: (name, args) => member.ask("mcp", name as "say", args as RequestArgs<"say">) as Promise<never>,
      }),
    );
  return {
    via: "tool",
    project: path,
    cwd: path,
    env: {},
    home,
    version,
    now: () => clock.now(),
    daemon,
    running: daemon,
    renew: daemon,
    prefix: "",
  };
}

async function reject(member: GatewayMember, args: Record<string, unknown>): Promise<Result<string>> {
  const read = readArgsOf("reject", OWN_TOOLS.reject.args, args);
  if (!read.ok) return read;
  const { thread, reason } = read.value;
  const answer = await member.ask("mcp", "reject", {
    via: "tool",
    thread,
    ...(reason === undefined ? {} : { reason }),
  });
  return answer.ok ? ok(`Rejected: ${answer.value.to.join(", ")} will hear of it.`) : answer;
}

/** Some clients show only the structured answer, so it says everything the text says. */
function said(text: string): CallToolResult {
  return { content: [{ type: "text", text }], structuredContent: { text } };
}

function refused(failure: Failure): CallToolResult {
  return { content: [{ type: "text", text: failure.message }], isError: true };
}

function saidOr(answer: Result<string>): CallToolResult {
  return answer.ok ? said(answer.value) : refused(answer);
}
