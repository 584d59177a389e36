// `/mcp`: streamable HTTP with the SDK's transport, one server per session. A session belongs to the member that opened it;
// to anybody else it doesn't exist.
import { randomUUID } from "node:crypto";
import type { Home } from "@agora/user-config";
import type { Clock } from "@agora/ports";
import { fail } from "@agora/protocol";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { isInitializeRequest } from "@modelcontextprotocol/sdk/types.js";
import { CARE_EVERY_MS, KEEP_ALIVE_MS, MAX_SESSIONS, MAX_SESSIONS_PER_MEMBER, SESSION_IDLE_MS } from "../limits.ts";
import { answerFailure } from "./answer.ts";
import { readJson } from "./body.ts";
import type { Call } from "./call.ts";
import type { GatewayMember } from "./member.ts";
import { createGatewayServer, type GatewayServer } from "./mcp-server.ts";
import type { Authenticator, Principal } from "./principal.ts";
import { whenRefused } from "./streams.ts";

export interface McpEndpoint {
  answer(call: Call): Promise<void>;
  /** Ends sessions whose credentials are no longer valid. */
  sweep(auth: Pick<Authenticator, "holds">): void;
  close(): Promise<void>;
}

interface McpSession {
  readonly transport: StreamableHTTPServerTransport;
  readonly own: GatewayServer;
  readonly principal: Principal;
  readonly member: GatewayMember;
  readonly offRefused: () => void;
  usedAt: number;
  open: number;
}

/** Creates the endpoint, without any sessions yet. */
export function createMcpEndpoint(options: {
  readonly home: Home;
  readonly version: string;
  readonly clock: Clock;
}): McpEndpoint {
  const { clock } = options;
  const sessions = new Map<string, McpSession>();
  /** Sessions still being initialized count too. */
  const counted = new Set<McpSession>();
  const end = (id: string): void => {
    const session = sessions.get(id);
    sessions.delete(id);
    if (session === undefined) return;
    counted.delete(session);
    session.offRefused();
    session.own.close();
  };
  const stopCare = clock.every(CARE_EVERY_MS, () => {
    for (const [id, { open, usedAt }] of sessions) {
      if (open === 0 && clock.steady() - usedAt > SESSION_IDLE_MS) end(id);
    }
  });

  const begin = async (call: Call): Promise<McpSession> => {
    const { principal, member, holds } = call;
    const own = createGatewayServer({ ...options, member, principal, holds });
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      keepAliveMs: KEEP_ALIVE_MS,
      onsessioninitialized: (id) => void sessions.set(id, session),
    });
    const offRefused = whenRefused(member, () => {
      if (transport.sessionId !== undefined) end(transport.sessionId);
    });
    const session: McpSession = { transport, own, principal, member, offRefused, usedAt: clock.steady(), open: 0 };
    counted.add(session);
    // Initialized or not: a request that failed must not keep a slot.
    call.response.once("close", () => {
      if (transport.sessionId !== undefined) return;
      counted.delete(session);
      offRefused();
      own.close();
    });
    transport.onclose = () => {
      if (transport.sessionId !== undefined) end(transport.sessionId);
    };
    // The class declares its handlers as `…
    // undefined`, the interface as optional: that matters only to exactOptionalPropertyTypes.
    await own.server.connect(transport);
    return session;
  };

  /** The session a request names, if it belongs to this member and the member hasn't been reopened since. */
  const find = ({ request, principal, member }: Call): McpSession | undefined => {
    const id = request.headers["mcp-session-id"];
    const session = typeof id === "string" ? sessions.get(id) : undefined;
    if (session === undefined || session.principal.name !== principal.name || session.principal.room !== principal.room)
      return undefined;
    if (session.member === member && session.principal.id === principal.id) return session;
    end(id as string);
    return undefined;
  };

  const count = ({ name, room }: Principal): number =>
    [...counted].filter((s) => s.principal.name === name && s.principal.room === room).length;

  return {
    async answer(call) {
      const { request, response, principal } = call;
      const { method } = request;
      if (method !== "GET" && method !== "POST" && method !== "DELETE") {
        const allow = "GET, POST, DELETE";
        return answerFailure(response, fail("wrong-method", `/mcp is asked with ${allow}.`), { allow });
      }
      const body = method === "POST" ? await readJson(request) : undefined;
      if (body?.ok === false) {
        return answerFailure(response, body, body.code === "too-long" ? { connection: "close" } : {});
      }
      let session = find(call);
      if (session === undefined) {
        if (request.headers["mcp-session-id"] !== undefined || body === undefined || !isInitializeRequest(body.value)) {
          // On 404 the client starts over, as the protocol requires.
          return answerFailure(response, fail("not-found", "There is no such MCP session here: initialize a new one."));
        }
        if (counted.size >= MAX_SESSIONS || count(principal) >= MAX_SESSIONS_PER_MEMBER) {
          return answerFailure(response, fail("too-many", "Too many MCP sessions are open: end some first."), {
            "retry-after": "30",
          });
        }
        session = await begin(call);
      }
      const own = session;
      if (method === "GET" && !call.streams.add(call, "mcp", () => void response.end())) {
        return answerFailure(response, fail("too-many", "Too many streams are open: close some first."), {
          "retry-after": "5",
        });
      }
      own.open += 1;
      response.once("close", () => {
        own.open -= 1;
        own.usedAt = clock.steady();
      });
      await own.transport.handleRequest(request, response, body?.value);
    },
    sweep(auth) {
      for (const [id, { principal }] of sessions) if (!auth.holds(principal)) end(id);
    },
    async close() {
      stopCare();
      const all = [...counted];
      sessions.clear();
      counted.clear();
      for (const { own } of all) own.close();
      await Promise.allSettled(all.map(({ transport }) => transport.close()));
    },
  };
}
