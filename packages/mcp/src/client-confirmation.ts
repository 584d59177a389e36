// The person's own word on what a model proposes: the client's dialog (MCP elicitation). Some clients answer a question for
// the person when every permission is given away (Codex accepts one with an empty form); a required choice whose first
// option is no can't be filled in by such an answer, and they decline it.
import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import type { ElicitRequestFormParams } from "@modelcontextprotocol/sdk/types.js";
import { harmless } from "@agora/protocol";
import { APPROVAL_TIMEOUT_MS } from "./limits.ts";

/** `cannot-ask`: this client has no dialog. */
export type Confirmation = "approved" | "refused" | "cannot-ask";

/** Shows a question to the person and gives the answer. */
export type AskPerson = (question: string) => Promise<Confirmation>;

type Question = ElicitRequestFormParams["requestedSchema"];

const CHOICE: Question = {
  type: "object",
  properties: { decision: { type: "string", title: "Your decision", enum: ["no", "yes"] } },
  required: ["decision"],
};

/** Asks through the client that `server` serves. */
export function createAskPerson(server: Server): AskPerson {
  return async (question) => {
    if (server.getClientCapabilities()?.elicitation === undefined) return "cannot-ask";
    const params = { message: harmless(question), requestedSchema: CHOICE };
    try {
      const { action, content } = await server.elicitInput(params, { timeout: APPROVAL_TIMEOUT_MS });
      return action === "accept" && content?.["decision"] === "yes" ? "approved" : "refused";
    } catch {
      return "refused"; // no answer in time
    }
  };
}
