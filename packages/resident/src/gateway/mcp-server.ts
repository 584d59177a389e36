// The MCP server of one gateway session: the room's tools without a machine behind them, and the mailbox as a resource that
// a client can watch. A model speaks here, whoever owns the token.
import { newFenceTag, renderForModel, type CommandContext } from "@agora/commands";
import type { Home } from "@agora/home";
import type { Line, RequestArgs } from "@agora/ipc";
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
import { fail, type Failure, ok, parseAddress, type Result } from "@agora/protocol";
import { MAX_LINES } from "../limits.ts";
import {
  DEFAULT_WAIT_S,
  GATEWAY_INSTRUCTIONS,
  GATEWAY_TOOLS,
  isGatewayTool,
  isSpeaking,
  OWN_TOOLS,
} from "./gateway-tools.ts";
import { dueItems, handItems, heldBy, mailbox } from "./mailbox.ts";
import type { GatewayMember } from "./member.ts";
import type { Principal } from "./principal.ts";
import { NO_MORE } from "./streams.ts";
import type { WireItem } from "./wire-line.ts";

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
  const { room } = member.live;
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
    member.sign("mcp"); // a sign of life from the model: it has seen what it was handed before
    if (principal.observer && isSpeaking(name))
      return refused(fail("observer", "This grant lets you look, not speak."));
    switch (name) {
      case "inbox":
        return said(showInbox(member, clock));
      case "whoami":
        return said(`You are @${member.name}/${member.seat("mcp")} in the room ${room.room}, through its gateway.`);
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
  server.setRequestHandler(ReadResourceRequestSchema, ({ params: { uri } }) => {
    if (uri !== INBOX_URI) throw new McpError(ErrorCode.InvalidParams, "There is no such resource.");
    return { contents: [{ uri, mimeType: "text/plain", text: showInbox(member, clock) }] };
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
  const tell = (): void => {
    cancelTell = undefined;
    if (!options.holds()) return;
    const count = unread(member);
    const grown = count > told;
    told = count;
    if (!grown) return;
    // A fixed sentence and a count: what peers wrote comes only in a tool's result.
    const data = `${count} ${count === 1 ? "message waits" : "messages wait"} in the Agora room: call inbox to read.`;
    void server.sendLoggingMessage({ level: "info", logger: "agora", data }).catch(() => undefined);
    if (subscribed) void server.sendResourceUpdated({ uri: INBOX_URI }).catch(() => undefined);
  };
  const off = room.on.inbox(() => {
    cancelTell ??= clock.after(TELL_WITHIN_MS, tell);
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

/** What is waiting and hasn't been given to anybody yet. */
function unread(member: GatewayMember): number {
  return dueItems(member, "mcp").filter((item) => item.handed === undefined && heldBy(item) === undefined).length;
}

function showInbox(member: GatewayMember, clock: Clock): string {
  const { entries } = mailbox(member, "mcp", 0, MAX_LINES);
  if (entries.length === 0) return "Nothing waits.";
  const { inbox } = member.live.store.state;
  const items = entries.map((item) => ({
    line: lineOf(item),
    again: inbox[item.id]?.handed !== undefined,
    asked: item.held === undefined && item.answers === undefined,
  }));
  const text = renderForModel(items, { tag: newFenceTag(), maxBytes: MAX_SHOWN_BYTES, now: clock.now() });
  handItems(
    member,
    "mcp",
    entries.map((item) => item.id),
  );
  const held = entries.filter((item) => item.held !== undefined);
  if (held.length === 0) return text;
  const brakes = held.map((item) => `${item.thread.slice(0, 8)} (${item.held})`).join(", ");
  return `${text}\nHeld by a brake, for people to decide on: ${brakes}.`;
}

function lineOf(item: WireItem): Line {
  const { cursor: _, from, to, file: __, held: ___, answers: ____, ...rest } = item;
  return { ...rest, author: from, to: to.flatMap((word) => parseAddress(word) ?? []), at: rest.time };
}

async function wait(
  { member, clock, holds }: Pick<ServerParts, "member" | "clock" | "holds">,
  args: Record<string, unknown>,
  ends: readonly AbortSignal[],
): Promise<Result<string>> {
  const read = readArgsOf("wait", OWN_TOOLS.wait.args, args);
  if (!read.ok) return read;
  const { seconds = DEFAULT_WAIT_S } = read.value;
  if (unread(member) === 0) {
    await new Promise<void>((resolve) => {
      const off = member.live.room.on.inbox(() => {
        if (unread(member) > 0) finish();
      });
      const cancel = clock.after(seconds * 1_000, () => finish());
      const finish = (): void => {
        off();
        cancel();
        resolve();
      };
      for (const end of ends) end.addEventListener("abort", finish, { once: true });
    });
  }
  if (!holds()) return fail("unauthorized", `The wait was ended: ${NO_MORE}.`);
  if (ends.some((end) => end.aborted)) return fail("gone", "The session has ended: initialize a new one.");
  return ok(unread(member) === 0 ? `Nothing came within ${seconds} s.` : showInbox(member, clock));
}

/** A command context without a project: the tools reach the room through the member, and nothing else. */
function surroundings({ member, home, version, clock }: ServerParts): CommandContext {
  const path = member.live.room.project;
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
